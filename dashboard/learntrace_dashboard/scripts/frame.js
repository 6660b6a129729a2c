/* Streamlit's menu puts sections into a list, which is no list then: screen readers are told that
   it is a group of links. The menu is drawn again now and then, so it is watched. */
function mend() {
  for (const menu of document.querySelectorAll("[data-testid=stSidebarNavItems]")) {
    menu.setAttribute("role", "group");
    for (const item of menu.querySelectorAll("li")) item.setAttribute("role", "none");
  }
}

export default function () {
  mend();
  if (window.learntraceFrame) return;
  window.learntraceFrame = new MutationObserver(mend);
  window.learntraceFrame.observe(document.body, { childList: true, subtree: true });
}
