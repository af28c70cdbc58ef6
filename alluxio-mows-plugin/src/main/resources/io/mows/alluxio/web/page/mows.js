// SPDX-License-Identifier: Apache-2.0
// Shows api/v1/cluster (docs/api.md). No library, no build step; text is always set as text.
"use strict";

const MAX_CELLS = 64;       // more workers than that are drawn as one band
const FEW_WORKERS = 12;     // with so few, what arrives is shown for each of them at once
const FIRST_ROWS = 40;      // of models; a button shows the others
const state = {data: null, open: new Set(), closed: new Set(), all: false, paused: false, drawn: {}};

const $ = id => document.getElementById(id);

/** An element; children are elements or text, attributes starting with "on" are listeners. */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "width") element.style.width = value;
    else if (name === "background") element.style.background = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

function s(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0, value = bytes;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit++; }
  return (unit === 0 || value >= 100 ? Math.round(value) : value >= 10 ? value.toFixed(1) : value.toFixed(2)) + " " + units[unit];
}

const rate = bytes => bytes > 0 ? size(bytes) + "/s" : "–";
const percent = (part, whole) => whole > 0 ? Math.floor(1000 * part / whole) / 10 : 0;
const bytesOf = (worker, name) => (worker.bytes || {})[name] || 0;

function duration(ms) {
  if (ms === null || ms === undefined) return "–";
  if (ms < 10000) return (ms / 1000).toFixed(2) + " s";
  if (ms < 120000) return (ms / 1000).toFixed(1) + " s";
  return Math.floor(ms / 60000) + " min " + Math.round(ms % 60000 / 1000) + " s";
}

/** host:port without the port and the domain, where all workers have the same. */
function shortNames(workers) {
  let names = workers.map(worker => worker.worker);
  const cut = (mark, from) => {
    const ends = new Set(names.map(name => name.slice(from(name, mark))));
    if (ends.size === 1 && names.length > 1) names = names.map(name => name.slice(0, from(name, mark)));
  };
  cut(":", (name, mark) => Math.max(0, name.lastIndexOf(mark)));
  if (names.every(name => /^[a-z]/i.test(name) && name.includes("."))) cut(".", (name, mark) => name.indexOf(mark));
  return names;
}

const nameOf = w => state.names[w] === undefined ? "?" : state.names[w];

/** Draws a part only if what it shows has changed, and leaves the focus where it was. */
function draw(id, shown, make) {
  const text = JSON.stringify(shown);
  if (state.drawn[id] === text) return;
  state.drawn[id] = text;
  const target = $(id).tagName === "TABLE" ? $(id).tBodies[0] : $(id);
  const focused = target.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  target.replaceChildren(...make());
  if (focused) {
    const again = [...target.querySelectorAll("[data-key]")].find(element => element.dataset.key === focused);
    if (again) again.focus();
  }
}

function rows(id, list, columns, empty, row) {
  draw(id, [list, state.names], () => list.length ? list.map(row)
    : [h("tr", {}, h("td", {colspan: columns, class: "empty"}, empty))]);
}

function count(id, listed, all) {
  $(id).textContent = all > listed ? listed + " of " + all : all ? String(all) : "";
}

const cell = (kind, ...children) => h("td", kind ? {class: kind} : {}, ...children);

function meter(label, parts) {
  return h("div", {class: "meter", role: "img", "aria-label": label, title: label},
    parts.map(([kind, share]) => h("i", {class: kind, width: Math.max(0, Math.min(100, share)) + "%"})));
}

function level(permille) {
  if (permille < 0) return "none";
  if (permille >= 1000) return "full";
  return permille === 0 ? "" : "l" + Math.min(8, 1 + Math.floor(permille / 125));
}

function levelColor(permille) {
  const name = level(permille);
  return name === "none" ? "transparent" : "var(--" + (name === "full" ? "full" : name === "" ? "h0" : "h" + name.slice(1)) + ")";
}

/** One cell for each worker. */
function strip(permille) {
  const whole = permille.filter(p => p >= 1000).length;
  const some = permille.filter(p => p > 0 && p < 1000).length;
  const label = "whole on " + whole + ", partly on " + some + " of " + permille.length + " workers";
  if (permille.length > MAX_CELLS) {
    const share = 100 / permille.length;
    const stops = permille.map((p, w) => levelColor(p) + " " + w * share + "% " + (w + 1) * share + "%");
    return h("div", {class: "band none", role: "img", "aria-label": label, title: label},
      h("div", {class: "band", background: "linear-gradient(90deg," + stops.join(",") + ")"}));
  }
  return h("div", {class: "cells", role: "img", "aria-label": label},
    permille.map((p, w) => h("i", {class: level(p), title: nameOf(w) + ": " + (p < 0 ? "not known there" : p / 10 + " %")})));
}

/** A cell for each part of a model on one worker. */
function pieces(bar, label) {
  return h("div", {class: "cells pieces", role: "img", "aria-label": label, title: label},
    [...bar].map(digit => h("i", {class: digit === "9" ? "full" : digit === "0" ? "" : "l" + Math.min(8, +digit)})));
}

function drawSums(data) {
  const sum = name => data.workers.reduce((total, worker) => total + bytesOf(worker, name), 0);
  const capacity = data.workers.reduce((total, worker) => total + (worker.capacityBytes || 0), 0);
  const free = data.workers.reduce((total, worker) => total + (worker.freeBytes || 0), 0);
  const silent = data.workers.filter(worker => !worker.answers).length;
  const now = ["origin", "peers", "warmup"].map(source => data.history[source].at(-1) || 0);
  const all = now[0] + now[1] + now[2];
  const problems = data.failingFilesCount + data.wrongFilesCount
    + data.findings.filter(finding => finding.level === "PROBLEM").length;
  const tiles = [
    ["Workers", String(data.workers.length), silent ? silent + " do not answer" : "all answer", silent > 0],
    ["Models in memory", String(data.modelCount), data.models.filter(model => model.arriving).length + " arriving"],
    ["Memory used", size(capacity - free), "of " + size(capacity)],
    ["Arrives now", rate(all), all ? percent(now[0], all) + " % from the origin" : "nothing moves"],
    ["From the origin", size(sum("fromOrigin")), "since the workers started"],
    ["From each other", size(sum("fromPeers") + sum("fromWarmup")), size(sum("fromWarmup")) + " of it from warm-up workers"],
    ["Problems", String(problems), problems ? "see below" : "none known", problems > 0]];
  draw("sums", tiles, () => tiles.map(([title, value, more, bad]) =>
    h("div", {}, h("dt", {}, title), h("dd", {class: bad ? "bad" : null}, value, h("small", {}, more)))));
}

function drawRates(data) {
  const sources = [["origin", "origin"], ["peers", "peers"], ["warmup", "warm-up"]];
  const steps = data.history.origin.length, stepMs = data.history.stepMs;
  draw("chart", data.history, () => {
    const width = 640, height = 210, left = 62, bottom = 18;
    const stacked = [];
    for (let i = 0; i < steps; i++) {
      let sum = 0;
      stacked.push(sources.map(([key]) => sum += data.history[key][i]));
    }
    const top = Math.max(1, ...stacked.map(step => step[2]));
    const x = i => left + (width - left) * i / Math.max(1, steps - 1);
    const y = value => height - bottom - (height - bottom - 14) * value / top;
    const area = index => {
      const upper = stacked.map((step, i) => x(i) + "," + y(step[index]));
      const lower = stacked.map((step, i) => x(i) + "," + y(index ? step[index - 1] : 0)).reverse();
      return "M" + upper.join("L") + "L" + lower.join("L") + "Z";
    };
    const hatch = s("pattern", {id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)"},
      s("path", {d: "M0 0V5", class: "hatch", "stroke-width": 2}));
    const grid = [0, .5, 1].flatMap(part => [
      s("path", {class: "grid", d: "M" + left + " " + y(top * part) + "H" + width}),
      s("text", {x: left - 6, y: y(top * part) + 4, "text-anchor": "end"}, part ? size(top * part) + "/s" : "0")]);
    const time = [[0, "−" + Math.round(steps * stepMs / 1000) + " s", "start"], [steps - 1, "now", "end"]]
      .map(([i, text, anchor]) => s("text", {x: x(i), y: height - 3, "text-anchor": anchor}, text));
    const areas = sources.flatMap(([key], index) => [s("path", {class: key, d: area(index)}),
      ...(key === "warmup" ? [s("path", {fill: "url(#hatch)", d: area(index)})] : [])]);
    const last = sources.map(([key, name]) => name + " " + rate(data.history[key][steps - 1])).join(", ");
    return [h("p", {class: "tools"}, h("span", {class: "legend"},
        sources.map(([key, name]) => h("span", {class: "key"}, h("i", {class: "c " + key}), name + " " + rate(data.history[key][steps - 1]))))),
      s("svg", {viewBox: "0 0 " + width + " " + height, role: "img", "aria-label": "Bytes a second over the last minutes; now " + last},
        s("defs", {}, hatch), ...grid, ...areas, ...time)];
  });
  const table = [];
  for (let i = steps - 1; i >= 0; i -= 1) table.push([(steps - 1 - i) * stepMs / 1000, ...sources.map(([key]) => data.history[key][i])]);
  rows("t-rates", table, 4, "", ([ago, ...values]) =>
    h("tr", {}, h("th", {scope: "row"}, String(ago)), values.map(value => cell("n", rate(value)))));
}

function drawFlows(data) {
  const flows = data.flows.slice(0, 8);
  const most = Math.max(1, ...flows.map(flow => flow.bytesPerSecond));
  count("n-flows", flows.length, data.flowCount);
  rows("t-flows", flows, 5, "Nobody has sent anything to another worker yet.", flow =>
    h("tr", {}, cell("path", nameOf(flow.from)), cell("path", nameOf(flow.to)), cell("n", rate(flow.bytesPerSecond)),
      cell("bar", meter(rate(flow.bytesPerSecond), [["", 100 * flow.bytesPerSecond / most]])), cell("n", size(flow.bytes))));
}

const mix = load => {
  const peers = load.fromPeers + load.fromWarmup, all = load.fromOrigin + peers;
  return all ? Math.round(100 * load.fromOrigin / all) + " : " + Math.round(100 * peers / all) : "–";
};
const times = load => load.overBound > 0 ? load.overBound.toFixed(2) : "–";

function drawLoads(data) {
  const loads = data.loads || [];
  const arriving = [];
  for (const model of data.models) for (const part of model.partial) if (part.arriving) {
    const load = loads.find(one => one.state === "running" && one.worker === part.worker && one.model === model.path);
    arriving.push({model: model.path, bytes: model.bytes, part, load});
  }
  count("n-running", Math.min(20, arriving.length), arriving.length);
  rows("t-running", arriving.slice(0, 20), 8, "Nothing arrives now.", ({model, bytes, part, load}) => {
    const done = percent(part.heldBytes, bytes);
    const fetch = data.fetches.find(one => one.worker === part.worker && one.waits && one.path.startsWith(model + "/"));
    return h("tr", {}, cell("path", model), cell("path", nameOf(part.worker)),
      cell("bar", pieces(part.bar, done + " % of the pieces are here")), cell("n", done.toFixed(1)), cell("n", rate(part.bytesPerSecond)),
      cell("n", load ? mix(load) : "–"), cell("n", load ? times(load) : "–"),
      cell("", fetch ? fetch.waits : load && load.limit ? load.limit : "–"));
  });
  const ended = loads.filter(load => load.state !== "running")
    .sort((a, b) => (b.beganMs + b.lastMs) - (a.beganMs + a.lastMs)).slice(0, 30);
  count("n-done", ended.length, ended.length);
  const longest = Math.max(1, ...ended.map(load => load.provenMs || load.wholeMs || load.lastMs));
  rows("t-done", ended, 11, "No load has ended since the workers started.", load => {
    const first = load.firstByteMs || 0, whole = load.wholeMs || load.lastMs, proven = load.provenMs || whole;
    const label = duration(first) + " to the first byte, " + duration(whole) + (load.wholeMs ? " whole" : " and not whole")
      + (load.provenMs ? ", " + duration(proven) + " proven" : "");
    return h("tr", {}, cell("nowrap", new Date(load.beganMs + load.lastMs).toLocaleTimeString()), cell("path", load.model),
      cell("path", nameOf(load.worker)), cell("", load.by), cell("bar", meter(label, [["wait", 100 * first / longest],
        ["arrive", 100 * (whole - first) / longest], ["prove", 100 * (proven - whole) / longest]])),
      cell("n", load.wholeMs ? duration(load.wholeMs) : "no"), cell("n", load.provenMs ? duration(load.provenMs) : "no"),
      cell("n", size(load.bytes)), cell("n", mix(load)), cell("n", times(load)), cell("", load.limit || "–"));
  });
}

function eachWorker(model, data) {
  const partial = new Map(model.partial.map(part => [part.worker, part]));
  const shown = model.permille.map((p, w) => [p, w]).filter(([p, w]) => p > 0 || partial.has(w));
  const listed = shown.slice(0, 40);
  return h("table", {}, h("caption", {class: "unseen"}, "Each worker that has some of " + model.path), h("tbody", {},
    listed.map(([p, w]) => {
      const part = partial.get(w);
      const bar = part ? part.bar : (p >= 1000 ? "9" : "0").repeat(48);
      return h("tr", {}, h("th", {scope: "row", class: "path"}, nameOf(w)),
        h("td", {class: "wide"}, pieces(bar, p / 10 + " % of the pieces are here")),
        cell("n", (p / 10).toFixed(1) + " %"), cell("n", part ? rate(part.bytesPerSecond) : "whole"));
    }),
    shown.length > listed.length ? [h("tr", {}, h("td", {colspan: 4, class: "dim"}, "and " + (shown.length - listed.length) + " more"))] : []));
}

function drawModels(data) {
  const filter = $("filter").value.trim().toLowerCase();
  const found = data.models.filter(model => model.path.toLowerCase().includes(filter));
  const shown = found.slice(0, state.all ? found.length : FIRST_ROWS);
  const opened = new Set(shown.filter(model => state.open.has(model.path)
    || model.arriving && data.workers.length <= FEW_WORKERS && !state.closed.has(model.path)).map(model => model.path));
  count("n-models", shown.length, filter ? found.length : data.modelCount);
  $("more").hidden = found.length <= shown.length;
  $("more").textContent = "Show all " + found.length;
  draw("t-models", [shown, [...opened], state.names], () => shown.length === 0
    ? [h("tr", {}, h("td", {colspan: 7, class: "empty"}, filter ? "No model has this in its path." : "No worker holds a model yet."))]
    : shown.flatMap(model => {
      const open = opened.has(model.path);
      const toggle = () => {
        (open ? state.closed : state.open).add(model.path);
        (open ? state.open : state.closed).delete(model.path);
        drawModels(state.data);
      };
      const line = h("tr", {},
        cell("path", h("button", {type: "button", class: "open", "aria-expanded": String(open), "data-key": "m" + model.path, onclick: toggle}, model.path),
          model.wrongFiles ? h("span", {class: "level PROBLEM"}, " " + model.wrongFiles + " wrong") : null),
        cell("n", String(model.files)), cell("n", size(model.bytes)), cell("n", String(model.whole)), cell("n", String(model.proven)),
        cell("n", model.arriving ? String(model.arriving) : "–"), cell("strip", strip(model.permille)));
      return open ? [line, h("tr", {class: "each"}, h("td", {colspan: 7}, eachWorker(model, data)))] : [line];
    }));
}

function drawJobs(data) {
  count("n-jobs", data.jobs.length, data.jobsCount);
  rows("t-jobs", data.jobs, 7, data.jobsFailure || "There is no warm-up job.", job => {
    const paths = job.paths.join(", ") + (job.pathsCount > job.paths.length ? ", …" : "");
    const why = job.failures.map(failure => failure.path + ": " + failure.reason).join("\n")
      + (job.homelessBytes ? "\n" + size(job.homelessBytes) + " have no worker" : "");
    return h("tr", {}, cell("mono", job.id), h("td", {}, h("span", {class: "level " + job.state}, job.state),
        why.trim() ? h("div", {class: "dim"}, why.trim()) : null),
      cell("path", paths), cell("bar", meter(job.permille / 10 + " %", [["", job.permille / 10]])),
      cell("n", (job.permille / 10).toFixed(1)), cell("n", rate(job.bytesPerSecond)),
      cell("n", job.endSeconds === undefined ? "–" : duration(1000 * job.endSeconds)));
  });
}

function drawFailing(data) {
  const failing = data.failingFiles.map(file => ({file, text: file.cause + ". " + file.remedy
      + " (since " + file.since + ", " + file.waitingReads + " reads and " + file.waitingLoads + " loads wait)"}))
    .concat(data.wrongFiles.map(file => ({file, text: "It has CRC32 " + file.actualCrc32 + " and not " + file.expectedCrc32
      + " as " + file.manifest + " says: nobody gets it"})))
    .concat(data.hiddenFiles.map(file => ({file, text: "Alluxio does not show it: " + file.reason})));
  count("n-failing", failing.length, data.failingFilesCount + data.wrongFilesCount + data.hiddenFilesCount);
  rows("t-failing", failing, 3, "No file fails.", ({file, text}) =>
    h("tr", {}, cell("path", file.path), cell("path", nameOf(file.worker)), cell("", text)));
}

function drawFindings(data) {
  const same = new Map();
  for (const finding of data.findings) {
    const key = JSON.stringify([finding.level, finding.subject, finding.found, finding.remedy]);
    same.set(key, [...(same.get(key) || []), finding.worker]);
  }
  const list = [...same].map(([key, workers]) => ({finding: JSON.parse(key), workers}))
    .sort((a, b) => (a.finding[0] === "PROBLEM" ? 0 : 1) - (b.finding[0] === "PROBLEM" ? 0 : 1));
  count("n-findings", list.length, list.length);
  rows("t-findings", list, 5, "All is as it should be.", ({finding: [name, subject, found, remedy], workers}) =>
    h("tr", {}, h("td", {}, h("span", {class: "level " + name}, name)), cell("", subject), cell("", found), cell("", remedy),
      h("td", {class: "path", title: workers.map(nameOf).join(", ")}, workers.length === state.names.length && workers.length > 1 ? "all"
        : workers.slice(0, 3).map(nameOf).join(", ") + (workers.length > 3 ? " and " + (workers.length - 3) + " more" : ""))));
}

function drawWorkers(data) {
  count("n-workers", data.workers.length, data.workers.length);
  rows("t-workers", data.workers, 11, "No worker is known.", worker => {
    if (!worker.answers) {
      return h("tr", {}, cell("path", worker.worker), h("td", {colspan: 10}, h("span", {class: "level PROBLEM"}, "SILENT "), worker.failure));
    }
    const used = worker.capacityBytes - worker.freeBytes, now = worker.bytesPerSecond;
    return h("tr", {}, cell("path", worker.worker), cell("", worker.group), cell("", worker.role),
      cell("bar", meter(percent(used, worker.capacityBytes) + " % used", [["", percent(used, worker.capacityBytes)]])),
      cell("n", size(used)), cell("n", size(worker.capacityBytes)),
      ["fromOrigin", "fromPeers", "fromWarmup", "toPeers"].map(name => h("td", {class: "n", title: bytesOf(worker, name) + " bytes",
        "data-name": name, "data-bytes": bytesOf(worker, name)}, size(bytesOf(worker, name)))), cell("n", rate(now.origin + now.peers + now.warmup)));
  });
}

function show(data) {
  state.data = data;
  state.names = shortNames(data.workers);
  $("alert").hidden = !data.failure;
  $("alert").textContent = data.failure || "";
  drawSums(data);
  drawRates(data);
  drawFlows(data);
  drawLoads(data);
  drawModels(data);
  drawJobs(data);
  drawFailing(data);
  drawFindings(data);
  drawWorkers(data);
  document.documentElement.dataset.shown = data.atMs;
}

async function ask() {
  let againMs = 2000;
  if (!state.paused && !document.hidden) {
    try {
      const response = await fetch("api/v1/cluster", {cache: "no-store"});
      if (!response.ok) throw new Error("HTTP status " + response.status);
      const data = await response.json();
      againMs = Math.max(1000, data.refreshMs || 0);
      show(data);
      $("told").textContent = "As " + data.self + " knows it, " + new Date(data.atMs).toLocaleTimeString();
    } catch (failure) {
      $("alert").hidden = false;
      $("alert").textContent = "This worker does not answer (" + failure.message + "); what is shown is what it said last.";
    }
  }
  setTimeout(ask, againMs);
}

function pause() {
  state.paused = !state.paused;
  $("pause").setAttribute("aria-pressed", String(state.paused));
  $("pause").textContent = state.paused ? "Go on" : "Pause";
}

$("pause").addEventListener("click", pause);
$("filter").addEventListener("input", () => state.data && drawModels(state.data));
$("more").addEventListener("click", () => { state.all = true; drawModels(state.data); });
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "INPUT") return;
  if (event.key === "/") { event.preventDefault(); $("filter").focus(); }
  if (event.key === "p") pause();
});
ask();
