// Why a request is aborted though the server may be well: nobody needs it any more, or something between here and the
// server keeps back what a stream tells.
export const stopped = "stopped";
export const heldBack = "held back";
