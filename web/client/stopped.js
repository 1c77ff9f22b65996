// Why a request is aborted that nobody needs any more: that says nothing about the server.
export const stopped = "stopped";
