// Where the page's tokens come from after the first: the page that embeds it (token-hook.ts), or
// the gateway for demo users. It asks before the token ends, and says when it has ended.
import { tokenOf } from '../demo-users.ts';
import { refusalOf, renewed, type Session, signInWith } from './session.ts';
import { type AskForToken, allowedOrigins, openTokenHook } from './token-hook.ts';
import { TokenTimer } from './token-timer.ts';

/** A token that was just given and is refused is not asked for again within this time. */
const ASK_AGAIN_MS = 10_000;

/** The session of the page, whose token is replaced. */
export class TokenSource {
  readonly #ask: AskForToken;
  readonly #timer = new TokenTimer(
    () => this.need(),
    () => this.#onEnded(),
  );
  #session: Session | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  #onRenewed: (session: Session) => void = () => {};
  #onEnded: () => void = () => {};

  constructor() {
    this.#ask = openTokenHook(window, allowedOrigins(), (token) => this.#take(token));
  }

  /** Resolves with the first session that the embedding page gives; asks for it. */
  async first(): Promise<Session> {
    this.#ask(null);
    return new Promise((resolve) => {
      this.#onRenewed = resolve;
    });
  }

  /** Follows the session: calls back with a new token of the same user, and at the end. */
  follow(session: Session, onRenewed: () => void, onEnded: () => void): void {
    this.#session = session;
    this.#onRenewed = onRenewed;
    this.#onEnded = onEnded;
  }

  /** The current token; requests after its end are refused by the server. */
  get token(): string {
    return this.#session?.token ?? '';
  }

  /** Watches the end of the token. `now`: the server's clock, in milliseconds. */
  watch(now: number): void {
    this.#timer.watch(this.#session?.endsAt ?? null, now);
  }

  /** Asks for a new token. */
  need(): void {
    const now = performance.now();
    if (now - this.#askedAt < ASK_AGAIN_MS) return;
    this.#askedAt = now;
    const demoUser = this.#session?.demoUser ?? null;
    if (demoUser === null) this.#ask(this.#session?.endsAt ?? null);
    else void this.#askGateway(demoUser);
  }

  /** Without a connection the page asks again when it is back. */
  async #askGateway(demoUser: string): Promise<void> {
    const token = await tokenOf(demoUser).catch(() => null);
    if (token !== null) this.#take(token);
  }

  #take(token: string): string | null {
    const session = this.#session;
    const reason = refusalOf(token, session);
    if (reason !== null) return reason;
    const next = session === null ? signInWith(token) : renewed(session, token);
    if (session !== null) this.#session = next;
    this.#onRenewed(next);
    return null;
  }
}
