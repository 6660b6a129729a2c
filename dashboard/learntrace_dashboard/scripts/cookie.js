/* Writes or deletes the cookie that remembers a sign-in, once for each job, and tells nobody:
   an answer would make Streamlit run the page again, in the middle of whatever else happens. */
export default function (component) {
  const { job, name, value, maxAge } = component.data;
  const done = (window.learntraceCookieJobs ??= new Set());
  if (done.has(job)) return;
  done.add(job);
  const secure = window.location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Max-Age=${maxAge}; Path=/; SameSite=Strict${secure}`;
}
