// Requests to the terminal. Each carries the key of this page; none is kept by the browser.
export class Connection {
  #key;
  constructor(key) { this.#key = key; }

  #request(path, options = {}) {
    return fetch(path, {
      cache: "no-store", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer", ...options,
      headers: { "Akashi-Page": this.#key, ...options.headers },
    });
  }

  // The next screen: waits at the terminal until there is one.
  async screen(version) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 30000);
    try {
      const response = await this.#request(version === null ? "/screen" : `/screen?after=${version}`,
        { signal: stop.signal });
      if (response.status === 200) {
        return {
          kind: "screen", html: await response.text(), version: response.headers.get("Akashi-Version"),
          scene: response.headers.get("Akashi-Scene"),
        };
      }
      if (response.status === 204) return { kind: "same" };
      if (response.status === 409) return { kind: "replaced" };
      if (response.status === 410) return { kind: "restarted" };
      return { kind: "lost" };
    } catch {
      return { kind: "lost" };
    } finally {
      clearTimeout(timer);
    }
  }

  async act(action) {
    try {
      await this.#request(`/${action}`, { method: "POST" });
    } catch { /* the waiting request notices */ }
  }

  // An answer to a step of an application; another screen comes by itself.
  async answer(fields) {
    try {
      await this.#request("/answer", { method: "POST", body: fields });
    } catch { /* the waiting request notices */ }
  }

  // Sends the octets of a secret and overwrites them.
  async secret(octets) {
    try {
      const response = await this.#request("/secret",
        { method: "POST", body: octets, headers: { "Content-Type": "application/octet-stream" } });
      return response.status === 204;
    } catch {
      return false;
    } finally {
      octets.fill(0);
    }
  }
}
