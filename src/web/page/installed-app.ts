// My Page as an app: the manifest in the page's language, and the service worker that opens the
// page without a connection. A page in a frame is a part of another app.
import type { Language } from './messages.ts';

/** Offers the page for installation. Browsers without service workers show it as before. */
export function offerInstallation(language: Language): void {
  const manifest = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
  if (manifest !== null) manifest.href = manifest.href.replace(/\w+(?=\.webmanifest$)/, language);
  if (window.parent !== window || !('serviceWorker' in navigator)) return;
  // What cannot be registered, e.g. in a private window, is only missing without a connection.
  void navigator.serviceWorker.register('/service-worker.js').catch(() => undefined);
}
