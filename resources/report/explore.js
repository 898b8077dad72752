"use strict";
(() => {
  const data = JSON.parse(document.getElementById("donnees").textContent);
  const map = document.getElementById("plan"), body = document.querySelector("#zones tbody");
  const service = document.getElementById("service"), said = document.getElementById("dit");
  const paths = new Map([...map.querySelectorAll("path")].map(path => [path.dataset.zone, path]));
  const whole = map.getAttribute("viewBox").split(" ").map(Number);
  const words = value => value === null ? "–" : Math.round(value).toLocaleString("fr-FR");
  const decimal = value => value.toLocaleString("fr-FR", {maximumFractionDigits: 1});
  const percent = share => share === null ? "–" : decimal(100 * share) + "\u202f%";
  const minutes = mean => mean === null ? "–" : decimal(mean) + "\u00a0min";
  const step = share => data.steps.findIndex(([high]) => high === null || share <= high);
  const fillOf = (share, unsure) => share === null ? data.unknown
    : unsure ? `url(#incertain-${step(share)})` : data.steps[step(share)][1];
  let view = whole.slice(), column = 2, upwards = false, chosen = null;

  const figures = id => (data.zones[id] || {})[service.value] || [null, null, null, null, false, null, null];
  function show() { map.setAttribute("viewBox", view.map(part => part.toFixed(2)).join(" ")); }
  function zoom(factor, x, y) {
    const width = Math.min(whole[2], Math.max(whole[2] / 60, view[2] * factor)), ratio = width / view[2];
    view = [x - (x - view[0]) * ratio, y - (y - view[1]) * ratio, width, whole[3] * width / whole[2]];
    show();
  }
  const middle = () => [view[0] + view[2] / 2, view[1] + view[3] / 2];
  function place(event) {
    const box = map.getBoundingClientRect(), scale = Math.max(view[2] / box.width, view[3] / box.height);
    return [view[0] + view[2] / 2 + (event.clientX - box.left - box.width / 2) * scale,
            view[1] + view[3] / 2 + (event.clientY - box.top - box.height / 2) * scale];
  }
  function choose(id, move) {
    if (chosen) { paths.get(chosen)?.classList.remove("chosen"); rows.get(chosen).classList.remove("chosen"); }
    chosen = id;
    const path = paths.get(id), [people, beyond, share, mean, unsure, least, most] = figures(id);
    rows.get(id).classList.add("chosen");
    if (path) { path.classList.add("chosen"); path.parentNode.append(path); }
    if (path && move) {
      const box = path.getBBox(), width = Math.max(box.width * 4, box.height * 4 * whole[2] / whole[3], whole[2] / 12);
      view = [box.x + box.width / 2 - width / 2, box.y + box.height / 2 - width * whole[3] / whole[2] / 2,
              width, width * whole[3] / whole[2]];
      show();
    } else { rows.get(id).scrollIntoView({block: "nearest"}); }
    said.textContent = `${data.names[id]} : ${words(beyond)} habitants sur ${words(people)} au-delà du seuil (${percent(share)})${least === most ? "" : `, entre ${words(least)} et ${words(most)}`}, en moyenne ${minutes(mean)}.`;
  }
  const rows = new Map(Object.keys(data.zones).map(id => {
    const row = document.createElement("tr"), head = document.createElement("th"), button = document.createElement("button");
    button.type = "button"; button.textContent = data.names[id]; button.addEventListener("click", () => choose(id, true));
    head.scope = "row"; head.append(button); row.append(head);
    for (let cell = 0; cell < 4; cell++) row.append(document.createElement("td"));
    return [id, row];
  }));
  function sort() {
    const value = id => column === 0 ? data.names[id] : figures(id)[column - 1];
    const order = [...rows.keys()].sort((one, other) => {
      const a = value(one), b = value(other);
      if (a === null || b === null) return (a === null) - (b === null);
      return (column === 0 ? a.localeCompare(b, "fr") : a - b) * (upwards ? 1 : -1);
    });
    body.replaceChildren(...order.map(id => rows.get(id)));
    document.querySelectorAll("#zones thead th").forEach((head, rank) =>
      head.setAttribute("aria-sort", rank === column ? (upwards ? "ascending" : "descending") : "none"));
  }
  function fill() {
    for (const [id, row] of rows) {
      const [people, beyond, share, mean, unsure] = figures(id);
      [words(people), words(beyond), percent(share), minutes(mean)].forEach((text, rank) => row.cells[rank + 1].textContent = text);
      if (paths.has(id)) paths.get(id).setAttribute("fill", fillOf(share, unsure));
    }
    sort();
    if (chosen) choose(chosen, false);
  }
  for (const [code, label] of data.services) service.add(new Option(label, code));
  service.addEventListener("change", fill);
  document.querySelectorAll("#zones thead button").forEach((button, rank) => button.addEventListener("click", () => {
    upwards = rank === column ? !upwards : rank === 0;
    column = rank;
    sort();
  }));
  document.getElementById("plus").addEventListener("click", () => zoom(1 / 1.6, ...middle()));
  document.getElementById("moins").addEventListener("click", () => zoom(1.6, ...middle()));
  document.getElementById("tout").addEventListener("click", () => { view = whole.slice(); show(); });
  map.addEventListener("wheel", event => { event.preventDefault(); zoom(event.deltaY > 0 ? 1.25 : 0.8, ...place(event)); }, {passive: false});
  let held = null, moved = false;
  map.addEventListener("pointerdown", event => { held = place(event); moved = false; });
  window.addEventListener("pointerup", () => { held = null; });
  map.addEventListener("pointermove", event => {
    if (!held) return;
    const now = place(event);
    moved = moved || Math.hypot(now[0] - held[0], now[1] - held[1]) > view[2] / 100;
    if (!moved) return;
    view[0] += held[0] - now[0]; view[1] += held[1] - now[1];
    show();
  });
  map.addEventListener("click", event => {
    const id = event.target.dataset?.zone;
    if (!moved && id !== undefined && rows.has(id)) choose(id, false);
  });
  // Bars of zones lead to the map; the buttons of the table do the same for the keyboard.
  document.querySelectorAll("figure[data-zones]").forEach(figure => JSON.parse(figure.dataset.zones).forEach((id, rank) => {
    if (!rows.has(id)) return;
    figure.querySelectorAll(`#barre-${rank}, #nom-${rank}`).forEach(part => {
      part.style.cursor = "pointer";
      part.addEventListener("click", () => {
        service.value = data.services[0][0];
        fill();
        choose(id, true);
        document.getElementById("explorer").scrollIntoView();
      });
    });
  }));
  document.getElementById("explorer").hidden = false;
  fill();
})();
