/** `7 s`, `1 min 05 s`, `3 h 02 min`. */
export function duration(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min ${two(seconds % 60)} s`;
  }
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** With a tenth as long as that says something. */
export function shortDuration(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : duration(ms);
}

export function clock(at: string | undefined): string {
  const date = at ? new Date(at) : undefined;
  return date && !Number.isNaN(date.valueOf())
    ? date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
    : '';
}

export function dateTime(at: string | undefined): string {
  const date = at ? new Date(at) : undefined;
  return date && !Number.isNaN(date.valueOf())
    ? date.toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' })
    : '';
}

/** `0 bytes`, `12.3 KiB`, `4.0 MiB`. */
export function size(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 'bytes';
  for (let i = 0; value >= 1024 && i < units.length; i++) {
    value /= 1024;
    unit = units[i]!;
  }
  return unit === 'bytes' ? `${bytes} bytes` : `${value.toFixed(1)} ${unit}`;
}

/** An id that leaves room: its beginning and its end. */
export function shortId(id: string): string {
  return id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-5)}` : id;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
