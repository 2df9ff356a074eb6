# Run in a Debian that has nothing else: installs Slipway's package, starts both programs, and removes it.
set -eu
export DEBIAN_FRONTEND=noninteractive HOME=/root LC_ALL=C.UTF-8
apt-get update --quiet=2
# What the package needs it must name itself.
apt-get install --yes --quiet=2 --no-install-recommends /slipway.deb >/dev/null
echo "installed: $(dpkg-query --show slipway)"
slipway --version
entry=$(dpkg --listfiles slipway | grep '\.desktop$')
grep --quiet 'x-scheme-handler/slipway' "$entry"
grep --quiet 'application/x-slipway' "$entry"
grep --quiet '^Exec=.*%[uUfF]' "$entry"
# Only to look at it.
apt-get install --yes --quiet=2 --no-install-recommends xvfb xdotool dbus libgl1-mesa-dri libegl1 >/dev/null
Xvfb :99 -screen 0 1280x800x24 2>/dev/null &
display=$!
export DISPLAY=:99 LIBGL_ALWAYS_SOFTWARE=1 GDK_BACKEND=x11
dbus-run-session -- sh -eu -c '
    slipway-desktop &
    window=$!
    timeout 120 xdotool search --sync --onlyvisible --name "^Slipway$" >/dev/null
    echo "the window is there"
    # A second start hands its link over and ends; the first goes on.
    timeout 60 slipway-desktop slipway://agent/clerk
    kill -0 "$window"
    echo "a second start handed its link over"
    kill -TERM "$window"
    wait "$window"
'
kill "$display"
apt-get purge --yes --quiet=2 slipway >/dev/null
for program in slipway slipway-desktop; do
    # The shell remembers where it found them.
    if test -e "/usr/bin/$program"; then
        echo "$program was left" >&2
        exit 1
    fi
done
echo "removed"
