const KEY = 'weft.token';

/** The token of this tab; gone when it is closed. */
export const token = {
  read: (): string | undefined => sessionStorage.getItem(KEY) ?? undefined,
  keep: (value: string): void => sessionStorage.setItem(KEY, value),
  forget: (): void => sessionStorage.removeItem(KEY),
};
