#include "runtime/http/newcomers.hpp"

#include <linux/filter.h>
#include <sys/socket.h>

#include <array>

namespace banksia::http {

bool refuse_newcomers(int listening) noexcept {
  // A filter of a TCP socket sees segments from their TCP header on.
  constexpr unsigned flags_at = 13;
  constexpr unsigned syn = 0x02;
  constexpr unsigned ack = 0x10;
  constexpr unsigned all = 0xffffffff;
  std::array<sock_filter, 5> drop_first_segments{{
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, flags_at),
    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, syn | ack),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, syn, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, 0),
    BPF_STMT(BPF_RET | BPF_K, all),
  }};
  sock_fprog program{drop_first_segments.size(), drop_first_segments.data()};
  return ::setsockopt(listening, SOL_SOCKET, SO_ATTACH_FILTER, &program,
                      sizeof program)
         == 0;
}

} // namespace banksia::http
