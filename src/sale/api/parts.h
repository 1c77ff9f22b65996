// What the sale's calls may need, by type: each names its own in its signature (platform/api/parts.h).
#pragma once

#include "auth/admission.h"
#include "auth/customer_id.h"
#include "auth/guest_cookie.h"
#include "auth/keys.h"
#include "auth/sealed_id.h"
#include "platform/api/call.h"
#include "platform/api/gate.h"
#include "platform/api/parts.h"
#include "platform/api/text_stream.h"
#include "sale/api/context.h"

namespace doorbuster::sale {

using platform::Call;

class AdmissionFlow;
class DeferredCalls;
class EntryWatch;
class PaymentWait;
class RequestReader;
class SaleCatalog;
class SalePages;
class StalledLine;

using SaleParts = platform::Parts<
    // Of one reactor.
    const SaleCatalog, RequestReader, DeferredCalls, SalePages, RefusalTally, EntryWatch, AdmissionFlow, PaymentWait,
    platform::TextStream, auth::AdmissionVerifier, const StalledLine,
    // Of the service (context.h), for any thread.
    const Clock, auth::KeyStore, platform::Gate, const auth::CustomerHasher, const auth::IdSealer,
    const auth::GuestCookies, const EntryTokens, const ReportTokens, const AdmissionOptions, const AllViews,
    Uniformities, PaymentGateway, const RefusalCounts, const SampleLoad>;

}  // namespace doorbuster::sale
