/** The name with its sign: a voice, and below it the undertone. */
export function Logo() {
  return (
    <span class="logo">
      <svg class="logo-sign" viewBox="0 0 34 20" aria-hidden="true">
        <path class="logo-voice" d="M1.5 7c2.6-5.5 5.2-5.5 7.8 0s5.2 5.5 7.8 0 5.2-5.5 7.8 0 5.2 5.5 7.8 0" />
        <path class="logo-under" d="M1.5 14.5c2.6-3.4 5.2-3.4 7.8 0s5.2 3.4 7.8 0 5.2-3.4 7.8 0 5.2 3.4 7.8 0" />
      </svg>
      <span>Undertone</span>
    </span>
  );
}
