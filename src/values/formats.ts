/** The formats that Helm demands in schemas up to draft-07. A text in a format that is not here fits. */
const formats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': (text) =>
    /^\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/.test(text) && isDate(text.slice(0, 10)),
  date: isDate,
  time: (text) => /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/.test(text),
  email: (text) => /^[^\s@]{1,64}@[^\s@]{1,254}$/.test(text),
  hostname: (text) => text.length <= 253 && /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\.?$/.test(text),
  ipv4: (text) => /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$/.test(text),
  ipv6: (text) => text.includes(':') && URL.canParse(`http://[${text}]/`) && !text.includes('%'),
  uri: (text) => /^[A-Za-z][A-Za-z0-9+.-]*:\S*$/.test(text) && URL.canParse(text.replace(/^[^:]+:(?!\/\/)/, 'x:')),
  'uri-reference': (text) => !/[\s\\<>"{}|^`]/.test(text),
  regex: (text) => canCompile(text),
  'json-pointer': (text) => /^(\/([^~/]|~[01])*)*$/.test(text),
}

/** True for a text that has a format, and for formats that are not known. */
export function hasFormat(text: string, format: string): boolean {
  return Object.hasOwn(formats, format) ? (formats[format]?.(text) ?? true) : true
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (match === null) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(match[3])
}

function canCompile(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}
