// Boost.Asio and Boost.Beast, compiled once for the whole program (BOOST_*_SEPARATE_COMPILATION in
// cmake/DoorbusterOptions.cmake).
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
