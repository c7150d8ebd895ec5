/** What a REST call was refused with (RFC 9457), or that nobody answered (status 0). */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }

  /** Whether the same call may succeed later. */
  get passes(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  static async of(response: Response): Promise<ApiProblem> {
    const body = await response
      .json()
      .then((json: unknown) => (typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}))
      .catch((): Record<string, unknown> => ({}));
    const text = (name: string): string => (typeof body[name] === 'string' ? (body[name] as string) : '');
    const wait = Number(response.headers.get('Retry-After') ?? 'NaN');
    return new ApiProblem(
      response.status,
      text('reason') || `HTTP_${response.status}`,
      text('detail') || text('title') || `the gateway answered ${response.status}`,
      Number.isFinite(wait) ? wait * 1000 : undefined,
    );
  }

  static signedOut(): ApiProblem {
    return new ApiProblem(401, 'UNAUTHENTICATED', 'the token was revoked or is over');
  }

  static silence(): ApiProblem {
    return new ApiProblem(0, 'UNREACHABLE', 'the gateway does not answer');
  }
}
