/* Hands over what stands behind the # of a one-time link, once, and takes it out of the address. */
export default function (component) {
  const token = window.location.hash.slice(1);
  if (window.learntraceReset && !token) return;
  window.learntraceReset = true;
  const { pathname, search } = window.location;
  if (token) window.history.replaceState(window.history.state, "", pathname + search);
  component.setTriggerValue("found", token);
}
