(() => {
  const root = document.documentElement, button = document.getElementById("imprimer-synthese");
  const turn = () => root.classList.toggle("synthese", location.hash === "#synthese");
  button.hidden = false;
  button.addEventListener("click", () => { root.classList.add("synthese"); window.print(); });
  window.addEventListener("afterprint", turn);
  window.addEventListener("hashchange", turn);
  turn();
})();
