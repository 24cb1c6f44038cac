import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  title: string;
  /** Escape was pressed, or the dialog was closed in another way than by its buttons. */
  onDismiss: () => void;
  children: ComponentChildren;
}

/** A modal dialog: the browser keeps the focus inside and gives it back afterwards. */
export function Dialog({ title, onDismiss, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const cancel = (event: Event) => {
    event.preventDefault();
    onDismiss();
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={titleId} onCancel={cancel}>
      <h2 id={titleId} tabIndex={-1} autofocus>
        {title}
      </h2>
      {children}
    </dialog>
  );
}
