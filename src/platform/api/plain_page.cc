#include "platform/api/plain_page.h"

namespace doorbuster::platform {

std::string html_escaped(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  for (const char c : text) {
    if (c == '&')
      html += "&amp;";
    else if (c == '<')
      html += "&lt;";
    else if (c == '>')
      html += "&gt;";
    else if (c == '"')
      html += "&quot;";
    else if (c == '\'')
      html += "&#39;";
    else
      html += c;
  }
  return html;
}

void respond_page(net::Exchange& exchange, net::Status status, std::string_view title, std::string_view html,
                  std::initializer_list<net::Header> more) {
  std::string& body = exchange.scratch();
  const std::string name = html_escaped(title);
  body = R"(<!doctype html><html lang="en"><meta charset="utf-8">)"
         R"(<meta name="viewport" content="width=device-width, initial-scale=1">)"
         R"(<meta name="color-scheme" content="light dark"><link rel="stylesheet" href="/assets/shop.css"><title>)";
  body.append(name).append(
      R"(</title><header><a class="mark" href="/"><img src="/icon.svg" alt="" width="28" height="28">Doorbuster</a>)"
      R"(</header><main><div class="narrow"><div class="stage"><h1>)");
  body.append(name).append("</h1><p>").append(html).append("</p></div></div></main></html>");
  net::Response response{.status = status,
                         .content_type = "text/html; charset=utf-8",
                         .body = body,
                         .headers = {{"Cache-Control", "no-store"},
                                     {"Content-Security-Policy",
                                      "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'"},
                                     {"X-Content-Type-Options", "nosniff"}}};
  for (const net::Header& field : more) response.headers.add(field);
  exchange.respond(response);
}

bool wants_page(const Call& call) {
  return call.request.header(net::Known::kAccept).find("text/html") != std::string_view::npos;
}

}  // namespace doorbuster::platform
