// What the benchmark measures in a page, Slipway's and the empty one alike. It is put into the page by the driver.

const later = (callback) => {
  // A message comes after the frame that is being drawn is done.
  const channel = new MessageChannel();
  channel.port1.onmessage = callback;
  channel.port2.postMessage(0);
};

window.bench = {
  // When each answer of the host was there, and its bytes.
  answers: [],

  // Hears of the host's answers.
  listen() {
    const whole = Response.prototype.arrayBuffer;
    Response.prototype.arrayBuffer = async function () {
      const bytes = await whole.call(this);
      window.bench.answers.push({ at: performance.now(), bytes: bytes.byteLength });
      return bytes;
    };
  },

  // Does something to the page; the milliseconds until as many elements as are wanted are painted, in all and since
  // the longest answer of the host.
  painted(change, selector, wanted, done) {
    window.bench.answers = [];
    const look = () => {
      if (document.querySelectorAll(selector).length < wanted) {
        requestAnimationFrame(look);
        return;
      }
      later(() => {
        const now = performance.now();
        const longest = window.bench.answers.reduce(
          (one, other) => (other.bytes > one.bytes ? other : one),
          { at: begun, bytes: 0 },
        );
        done({ all: now - begun, since: now - longest.at, bytes: longest.bytes });
      });
    };
    // Just after a frame, so that none is about to come anyway.
    requestAnimationFrame(() =>
      later(() => {
        begun = performance.now();
        change();
        requestAnimationFrame(look);
      }),
    );
    let begun = 0;
  },

  // Goes to a page.
  open(address, selector, wanted, done) {
    window.bench.painted(() => (location.hash = address), selector, wanted, done);
  },

  // The least change: one element more.
  append(done) {
    const change = () => {
      const added = document.createElement("p");
      added.className = "appended";
      added.textContent = "one more";
      document.body.append(added);
    };
    document.querySelectorAll(".appended").forEach((element) => element.remove());
    window.bench.painted(change, ".appended", 1, done);
  },

  // A scroller of this size with nothing in it.
  scroller(width, height, all) {
    document.getElementById("scroller")?.remove();
    const pane = document.createElement("div");
    pane.id = "scroller";
    pane.style.cssText = `position: fixed; inset: 0 auto auto 0; overflow: auto; width: ${width}px; height: ${height}px`;
    const inside = document.createElement("div");
    inside.style.height = `${all}px`;
    pane.append(inside);
    document.body.append(pane);
  },

  // Scrolls from the top to the bottom in so many frames; the milliseconds between them, and how many had no row in
  // the middle.
  scroll(selector, row, frames, done) {
    const pane = document.querySelector(selector);
    const box = pane.getBoundingClientRect();
    // Rows that come into view take their own height, and the whole changes with them.
    const end = () => pane.scrollHeight - pane.clientHeight;
    const gaps = [];
    let blank = 0;
    let before = null;
    let frame = 0;
    const step = (now) => {
      if (before !== null) {
        gaps.push(now - before);
        const middle = document.elementFromPoint(box.x + box.width / 3, box.y + box.height / 2);
        if (!middle?.closest(row)) blank += 1;
      }
      before = now;
      const reached = frame >= frames && pane.scrollTop >= end() - 1;
      if (reached || frame === 2 * frames) {
        done({ gaps, blank, reached, width: box.width, height: box.height, all: pane.scrollHeight });
        return;
      }
      frame += 1;
      pane.scrollTop = (end() * Math.min(frame, frames)) / frames;
      requestAnimationFrame(step);
    };
    pane.scrollTop = 0;
    requestAnimationFrame(() => requestAnimationFrame(step));
  },

  // Writes words at the same pace into a bare page: each frame those that are due, in paragraphs, seen to the end.
  write(words, pace, paragraph, done) {
    window.bench.scroller(480, 600, 0);
    const pane = document.getElementById("scroller");
    const gaps = [];
    let begun = null;
    let before = null;
    let written = 0;
    const step = (now) => {
      begun ??= now;
      if (before !== null) gaps.push(now - before);
      before = now;
      for (const due = Math.min((now - begun) / pace, words); written < due; written += 1) {
        if (written % paragraph === 0) pane.append(document.createElement("p"));
        pane.lastElementChild.append(`word${written} `);
      }
      pane.scrollTop = pane.scrollHeight;
      if (written < words) requestAnimationFrame(step);
      else done({ gaps });
    };
    requestAnimationFrame(step);
  },

  // Presses a button and follows the numbered words that come: when which was in the page, and the frames from the
  // first to the last.
  stream(button, first, last, patience, done) {
    const seen = [];
    const gaps = [];
    let before = null;
    let newest = first - 1;
    const numbers = /word(\d+)/g;
    const look = () => {
      const talk = document.querySelector(".talk__body .is-live") ?? document.querySelector(".talk__body");
      const text = talk?.lastElementChild?.textContent ?? "";
      let number = newest;
      for (const found of text.matchAll(numbers)) number = Math.max(number, Number(found[1]));
      if (number > newest) {
        newest = number;
        seen.push([number, performance.timeOrigin + performance.now()]);
      }
    };
    const watch = new MutationObserver(look);
    watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    const begun = performance.now();
    const step = (now) => {
      if (newest >= first) {
        if (before !== null) gaps.push(now - before);
        before = now;
      }
      if (newest >= last || now - begun > patience) {
        watch.disconnect();
        done({ seen, gaps });
        return;
      }
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    document.evaluate(button, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue.click();
  },
};
