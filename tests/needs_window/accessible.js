// Looks at the page as it is now, in both themes: what is wrong with it, and the elements that need a name.
// What lies behind a dialog cannot be reached, and is left out.
const root = [...document.querySelectorAll("dialog[open]")].filter((one) => one.matches(":modal")).at(-1) ?? document.body;
const all = [...root.querySelectorAll("*")];
const findings = new Set();
if (document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight) {
  findings.add("the page is larger than the window");
}
const found = (what, element) => findings.add(`${what}: ${described(element)}`);

const described = (element) => {
  const tag = element.cloneNode(false).outerHTML.replace(/<\/[^>]*>$/, "").slice(0, 160);
  const words = (element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 40);
  return `${tag} ${words}`;
};
const seen = (element) => {
  const box = element.getBoundingClientRect();
  return element.checkVisibility({ checkVisibilityCSS: true }) && box.width > 1 && box.height > 1;
};
const opacity = (element) => {
  let product = 1;
  for (let each = element; each; each = each.parentElement) product *= Number(getComputedStyle(each).opacity);
  return product;
};
// What moves would be measured on its way.
const settle = () => document.getAnimations().forEach((one) => {
  try { one.finish(); } catch { one.cancel(); }
});

// Colours, whatever way they are written, as red, green, blue and opacity.
const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
const known = new Map();
const colour = (text) => {
  if (!known.has(text)) {
    const plain = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(text);
    if (plain) {
      known.set(text, [Number(plain[1]), Number(plain[2]), Number(plain[3]), Number(plain[4] ?? 1)]);
    } else {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = text;
      pen.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
      known.set(text, [red, green, blue, alpha / 255]);
    }
  }
  return known.get(text);
};
const over = ([r, g, b, alpha], under) => [r, g, b].map((part, at) => part * alpha + under[at] * (1 - alpha));
const behind = (element) => {
  const layers = [];
  for (let each = element; each; each = each.parentElement) {
    const [r, g, b, alpha] = colour(getComputedStyle(each).backgroundColor);
    layers.push([r, g, b, alpha * opacity(each)]);
    if (alpha === 1 && opacity(each) === 1) break;
  }
  return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
};
const light = (rgb) => {
  const [r, g, b] = rgb.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
const legible = (theme, element, style) => {
  const [r, g, b, alpha] = colour(style.webkitTextFillColor || style.color);
  if (alpha === 0) return;
  const under = behind(element);
  const ratio = contrast(over([r, g, b, alpha * opacity(element)], under), under);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (isLarge ? 3 : 4.5)) found(`contrast ${ratio.toFixed(2)}, ${theme}`, element);
};
// Nothing has to be legible that cannot be used now, nor letters that only draw something.
const exempt = (element) => element.closest("[disabled], [aria-disabled='true'], [inert]");
const texts = (theme) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const done = new Set();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || done.has(element)) continue;
    done.add(element);
    if (!seen(element) || opacity(element) === 0 || exempt(element)) continue;
    legible(theme, element, getComputedStyle(element));
  }
  for (const field of root.querySelectorAll("input, textarea")) {
    if (!seen(field) || exempt(field)) continue;
    if (field.value) legible(theme, field, getComputedStyle(field));
    else if (field.placeholder) legible(`${theme}, placeholder`, field, getComputedStyle(field, "::placeholder"));
  }
};

const before = document.documentElement.getAttribute("data-theme");
for (const theme of ["light", "dark"]) {
  document.documentElement.setAttribute("data-theme", theme);
  settle();
  texts(theme);
}
if (before === null) document.documentElement.removeAttribute("data-theme");
else document.documentElement.setAttribute("data-theme", before);
settle();

const ids = new Map();
for (const element of document.querySelectorAll("[id]")) {
  if (ids.has(element.id)) found("an id that another element has", element);
  ids.set(element.id, element);
}
for (const element of all) {
  for (const kind of ["aria-labelledby", "aria-describedby", "aria-activedescendant"]) {
    for (const id of (element.getAttribute(kind) ?? "").split(" ").filter(Boolean)) {
      if (!document.getElementById(id)) found(`${kind} of nothing`, element);
    }
  }
  if (element.matches("img:not([alt])")) found("an image without alt", element);
  if (element.tabIndex > 0) found("a positive tabindex", element);
  if (element.tabIndex < 0 || element.disabled || !element.checkVisibility({ checkVisibilityCSS: true }) || element.closest("[inert]")) continue;
  if (element.closest("[aria-hidden='true']")) found("can be focused, and is hidden from the tree", element);
  if (!seen(element) || opacity(element) === 0) {
    // What shows when the keyboard comes to it is fine.
    const had = document.activeElement;
    element.focus({ preventScroll: true });
    settle();
    if (!seen(element) || opacity(element) === 0) found("can be focused, and cannot be seen", element);
    if (had instanceof HTMLElement) had.focus({ preventScroll: true });
  }
}
const headings = [...document.querySelectorAll("h1")].filter((one) => one.checkVisibility({ checkVisibilityCSS: true }));
if (headings.length !== 1) findings.add(`${headings.length} first headings: ${headings.map((one) => one.textContent).join(" | ")}`);
if (document.querySelectorAll("main").length !== 1) findings.add("not one main part");
if (!document.documentElement.lang) findings.add("the page has no language");
if (!document.title) findings.add("the page has no title");

const named = "a[href], button, input:not([type='hidden']), select, textarea, summary, iframe, dialog, nav, aside, " +
  ["button", "link", "checkbox", "radio", "switch", "tab", "option", "menuitem", "menuitemradio", "menuitemcheckbox", "combobox", "listbox",
    "menu", "tablist", "radiogroup", "slider", "progressbar", "meter", "dialog", "alertdialog", "grid", "log", "img"].map((role) => `[role='${role}']`).join(", ");
const controls = [...root.querySelectorAll(named), ...(root.matches(named) ? [root] : [])]
  .filter((element) => element.checkVisibility({ checkVisibilityCSS: true }) && !element.closest("[aria-hidden='true']"))
  .map((element) => [element, described(element)]);
return [[...findings], controls];
