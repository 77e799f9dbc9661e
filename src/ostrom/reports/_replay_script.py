"""The script of a replay page: it moves what Python has drawn to another step, and draws nothing else."""

SCRIPT = r"""
(() => {
"use strict";
const $ = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const number = (text) => (text === "n" || text === "" ? NaN : Number(text));
const unpack = (text) => {
  let now = [];
  return text.split("|").map((step, k) => {
    if (k === 0) now = step.split(",");
    else if (step) {
      now = now.slice();
      for (const change of step.split(",")) { const [at, value] = change.split("="); now[at] = value; }
    }
    return now;
  });
};
const shown = (text) => (text === "n" ? "–" : text);
const show = (element, there) => (there ? element.removeAttribute("display") : element.setAttribute("display", "none"));

function gridOf(data, svg) {
  const layers = data.layers.map((layer, k) => ({
    cells: layer.cells, steps: unpack(layer.track), paths: all("path", all(".layer", svg)[k]),
  }));
  const places = unpack(data.places), tokens = all(".token", svg);
  return (t) => {
    for (const layer of layers) for (const path of layer.paths) {
      const level = path.dataset.level, levels = layer.steps[t];
      path.setAttribute("d", layer.cells.filter((_, k) => levels[k] === level)
        .map((cell) => `M${cell % data.width} ${Math.floor(cell / data.width)}h1v1h-1z`).join(""));
    }
    tokens.forEach((token, k) => {
      const [column, row, turn, size] = places[t].slice(4 * k, 4 * k + 4).map(number), nose = $(".nose", token);
      show(token, turn >= 0);
      token.setAttribute("transform", `translate(${column / 8} ${row / 8}) scale(${size / 8})`);
      if (nose) {
        nose.setAttribute("transform", `rotate(${90 * Math.max(turn - 1, 0)} .5 .5)`);
        show(nose.firstElementChild, turn > 0);
      }
    });
  };
}

function netOf(data, svg) {
  const places = unpack(data.places), amounts = unpack(data.amounts);
  const links = all(".link", svg), points = all(".point", svg);
  return (t) => {
    const at = (k) => places[t].slice(2 * k, 2 * k + 2).map(number);
    const fine = (...values) => values.every(Number.isFinite);
    links.forEach((link, k) => {
      const [a, b] = data.ends[k], amount = number(amounts[t][k]), [x1, y1] = at(a), [x2, y2] = at(b);
      show(link, fine(amount, x1, y1, x2, y2));
      if (!fine(amount, x1, y1, x2, y2)) return;
      const far = Math.max(Math.hypot(x2 - x1, y2 - y1), 1e-9), aside = data.back[k] ? 5 / far : 0;
      const ends = [x1 + (y1 - y2) * aside, y1 + (x2 - x1) * aside, x2 + (y1 - y2) * aside, y2 + (x2 - x1) * aside];
      const [line, text] = link.children, whole = ends.map(Math.round);
      ["x1", "y1", "x2", "y2"].forEach((name, k) => line.setAttribute(name, whole[k]));
      line.setAttribute("stroke-width", (1 + 6 * Math.abs(amount) / data.most).toFixed(2));
      text.setAttribute("x", (whole[0] + whole[2]) / 2);
      text.setAttribute("y", (whole[1] + whole[3]) / 2 - 5);
      if (text.textContent) text.textContent = amounts[t][k];
    });
    points.forEach((point, k) => {
      show(point, fine(...at(k)));
      if (fine(...at(k))) point.setAttribute("transform", `translate(${at(k).join(" ")})`);
    });
  };
}

function filmOf(data, n) {
  const section = $(`#film-${n}`), values = unpack(data.values), cells = all(".seats td", section);
  const [columns] = data.charts, dials = all(".dial", section), marks = all(".chart .now", section);
  const words = $(".words", section), when = $(".when", section), caption = $(".stage.first figcaption span", section);
  const moved = [];
  if (data.grid) moved.push(gridOf(data.grid, $(".stage.first .grid", section)));
  if (data.net) moved.push(netOf(data.net, $(".stage.first .net", section)));
  const list = $("details", section);
  list.addEventListener("toggle", () => {
    const rows = $("ol", list);
    if (!rows.children.length) for (const said of data.words) {
      rows.appendChild(document.createElement("li")).textContent = said;
    }
    mark(now);
  });
  let now = 0;
  const mark = (t) => all("li", list).forEach((row, k) => row.toggleAttribute("aria-current", k === t));
  return { steps: data.steps, section, left: data.left, go: (step) => {
    const t = now = Math.min(step, data.steps - 1);
    for (const move of moved) move(t);
    words.textContent = data.words[t];
    when.textContent = `Each seat after step ${t + 1}`;
    if (caption) caption.textContent = `Step ${t + 1}.`;
    cells.forEach((cell, k) => {
      const seat = Math.floor(k / columns), column = k % columns;
      cell.textContent = shown(values[t][column * data.seats + seat]);
    });
    dials.forEach((dial, k) => { dial.textContent = shown(values[t][columns * data.seats + k]); });
    const x = (data.left[0] + data.left[1] * t / Math.max(data.steps - 1, 1)).toFixed(1);
    for (const line of marks) line.setAttribute("d", line.getAttribute("d").replace(/^M[\d.]+/, `M${x}`));
    if (list.open) mark(t);
  } };
}

const films = JSON.parse($("#films").textContent).map(filmOf);
const last = Math.max(...films.map((film) => film.steps)) - 1;
const bar = $("#step"), told = $("#told"), play = $("#play"), speed = $("#speed");
let now = 0, timer = 0;
function go(step) {
  now = Math.max(0, Math.min(last, step));
  for (const film of films) film.go(now);
  bar.value = now;
  told.textContent = `step ${now + 1} of ${last + 1}`;
  bar.setAttribute("aria-valuetext", told.textContent);
}
function run(on) {
  clearInterval(timer);
  timer = on ? setInterval(() => (now < last ? go(now + 1) : run(false)), 1000 / Number(speed.value)) : 0;
  play.textContent = on ? "Pause" : "Play";
  for (const words of all(".film > .words")) words.setAttribute("aria-live", on ? "off" : "polite");
}
const toggle = () => { if (!timer && now === last) go(0); run(!timer); };
const hop = (step) => { run(false); go(step); };
play.addEventListener("click", toggle);
speed.addEventListener("change", () => { if (timer) run(true); });
bar.addEventListener("input", () => hop(Number(bar.value)));
$("#back").addEventListener("click", () => hop(now - 1));
$("#on").addEventListener("click", () => hop(now + 1));
document.addEventListener("keydown", (event) => {
  const on = event.target, scroller = on.closest(".wide");
  if (event.altKey || event.ctrlKey || event.metaKey || on.tagName === "SELECT") return;
  const scrolls = on === bar || (scroller && scroller.scrollWidth > scroller.clientWidth);
  const takes = /^(BUTTON|SUMMARY|A)$/.test(on.tagName);
  const steps = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last };
  if (event.key in steps && !scrolls) { event.preventDefault(); hop(steps[event.key]); }
  else if (event.key === " " && !takes) { event.preventDefault(); toggle(); }
});
for (const film of films) for (const chart of all(".chart", film.section)) chart.addEventListener("click", (event) => {
  const box = chart.getBoundingClientRect(), wide = chart.viewBox.baseVal.width;
  const x = (event.clientX - box.left) / box.width * wide - film.left[0];
  hop(Math.round(x / film.left[1] * (film.steps - 1)));
});
document.documentElement.classList.add("live");
run(false);
go(0);
})();
"""
