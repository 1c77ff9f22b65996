// The currencies of ISO 4217, list one (2026-01-01, and what was withdrawn within the year before: ANG, BGN), by how
// many digits their minor unit has. web/shop/iso4217.js says the same; a test holds them together.
//
// Not as browsers and CLDR have them: those give the digits that are usual on price tags, and where a forint has no
// fillér on a tag, what is charged is a hundredth of what was meant.
#pragma once

#include <array>
#include <string_view>

namespace doorbuster {

// Three letters each, with spaces between them; the place in the array is the number of digits.
inline constexpr std::array<std::string_view, 5> kCurrenciesByDigits = {
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    "",
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE "
    "CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
    "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR "
    "MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK "
    "SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD "
    "XCD XCG YER ZAR ZMW ZWG",
    "BHD IQD JOD KWD LYD OMR TND",
    "CLF UYW",
};

}  // namespace doorbuster
