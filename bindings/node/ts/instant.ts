// Instants as text: RFC 3339, which says of what place the hour is. JavaScript takes other text in the zone of the machine, so
// that one policy would decide otherwise on two of them.

const DAY = String.raw`(\d{4})-(\d\d)-(\d\d)`;
const TIME = String.raw`\d\d:\d\d(?::\d\d(?:\.\d+)?)?`;
const WHOLE = new RegExp(`^${DAY}T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)$`, "i");
const LACKS_ZONE = new RegExp(`^${DAY}(?:[T ]${TIME})?$`, "i");

/** The milliseconds since 1970 of an instant in RFC 3339; nothing where the text is none. @internal */
export function millisOfText(text: string): number | undefined {
  const [, year, month, day] = WHOLE.exec(text) ?? [];
  if (day === undefined) return undefined;
  // A day that the month does not have would become one of the next month.
  if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day)) return undefined;
  const time = Date.parse(text.toUpperCase());
  return Number.isFinite(time) ? time : undefined;
}

/** What to do about a text that is a day or a time of day of no place. @internal */
export function withoutZone(text: string): string | undefined {
  if (!LACKS_ZONE.test(text)) return undefined;
  const [day = "", time = "00:00:00"] = text.split(/[T ]/i);
  const whole = `${day}T${time.length === 5 ? `${time}:00` : time}`;
  return `add \`Z\` or an offset, such as \`${whole}Z\` or \`${whole}+07:00\`: it does not say of what place the hour is`;
}
