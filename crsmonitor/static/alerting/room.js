// @ts-check
// Room for the dock above the page, made while the page is read: alarms that wait already hide neither menu nor page.
// An alarm that comes later lies above both, until the next page or its bell: nothing moves under a finger.
(() => {
  const LINE_PX = 60; // of one line, where this tab has not measured it yet
  const dock = document.getElementById("dock");
  const quiet = document.getElementById("alarms-quiet");
  if (!dock || !quiet) return;
  try {
    quiet.hidden = JSON.parse(localStorage.getItem("crs-alarm-sounds") ?? "{}").sound !== false; // as sounds.js reads it
  } catch {
    quiet.hidden = true;
  }
  const lines = "waitingAtLoad" in dock.dataset ? Number(sessionStorage.getItem("alarms-px")) || LINE_PX : 0;
  document.documentElement.style.setProperty("--room", `${lines + quiet.offsetHeight}px`);
})();
