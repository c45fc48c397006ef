/** A sentence of the dictionary; figures between `**` are set in bold. */
export function Emphasis({ text }: { text: string }) {
  return (
    <>
      {text.split('**').map((part, place) => {
        return place % 2 === 1 ? <b key={place}>{part}</b> : part;
      })}
    </>
  );
}

/** The same sentence without marks, to be spoken. */
export function plainText(text: string): string {
  return text.replaceAll('**', '');
}
