#pragma once

/// How a listening socket ends without breaking a connection.

namespace banksia::http {

/// From now on the kernel answers no new client of a listening TCP socket, and
/// still completes who has begun: what is accepted after that until nothing is
/// left is everybody. Closing a socket that takes newcomers resets those of the
/// last instant, who may have sent a request already. A newcomer's kernel asks
/// again after a second and is refused then, by the closed port.
/// @returns false where the system cannot do that (it needs Linux' socket
/// filters); the socket is as it was
bool refuse_newcomers(int listening) noexcept;

} // namespace banksia::http
