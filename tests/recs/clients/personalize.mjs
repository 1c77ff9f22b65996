// What a shop does with AWS's own clients for Amazon Personalize; prints what it saw.
//
//   node personalize.mjs ENDPOINT ACCESS_KEY_ID SECRET_ACCESS_KEY
import {
  InvalidInputException as InvalidEvents,
  PersonalizeEventsClient,
  PutEventsCommand,
  PutItemsCommand,
  PutUsersCommand,
} from "@aws-sdk/client-personalize-events";
import {
  GetPersonalizedRankingCommand,
  GetRecommendationsCommand,
  InvalidInputException,
  PersonalizeRuntimeClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-personalize-runtime";

const [endpoint, accessKeyId, secretAccessKey] = process.argv.slice(2);
const options = { endpoint, region: "eu-west-1", credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
const events = new PersonalizeEventsClient(options);
const runtime = new PersonalizeRuntimeClient(options);
const arn = (kind, name) => `arn:aws:personalize:eu-west-1:000000000000:${kind}/${name}`;
const seen = {};

async function refusal(doing, kind) {
  try {
    await doing();
  } catch (error) {
    return [error instanceof kind, error.name, error.$metadata?.httpStatusCode, error.message];
  }
  return null;
}

const item = (itemId, properties) => ({ itemId, properties: JSON.stringify(properties) });
const putItems = (items) => events.send(new PutItemsCommand({ datasetArn: arn("dataset", "shop/ITEMS"), items }));
const putEvents = (userId, eventList, more = {}) =>
  events.send(new PutEventsCommand({ trackingId: "t", userId, sessionId: `s-${userId}`, eventList, ...more }));
let number = 0;
const event = (eventType, itemId, more = {}) =>
  ({ eventType, itemId, eventId: `e${++number}`, sentAt: new Date(), ...more });
const recommend = async (more) => {
  const answer = await runtime.send(new GetRecommendationsCommand({ campaignArn: arn("campaign", "home"), ...more }));
  return answer.itemList.map((each) => each.itemId);
};

await putItems([
  item("tent", { price: 99.5, categoryL1: "camping", genres: "outdoor|family", brand: "Acme" }),
  item("stove", { price: "49", categoryL1: "camping", genres: "outdoor", creationTimestamp: 1767225600 }),
  item("lamp", { price: 19, categoryL1: "light", genres: "indoor|outdoor", numberOfRatings: "12" }),
  item("mat", { price: 29, categoryL1: "camping", genres: "family", numberOfRatings: 3 }),
]);
await events.send(
  new PutUsersCommand({
    datasetArn: arn("dataset", "shop/USERS"),
    users: [
      { userId: "ann", properties: JSON.stringify({ age: 17, membership: "gold" }) },
      { userId: "bob", properties: JSON.stringify({ age: "35" }) },
    ],
  }),
);
const purchases = () => ["tent", "stove", "lamp"].map((bought) => event("Purchase", bought));
for (const who of ["cid", "dan"]) await putEvents(who, purchases());
await putEvents("ann", [event("View", "tent"), event("View", "tent", { eventId: "e-same" })]);
await putEvents("ann", [event("View", "tent", { eventId: "e-same" }), event("Search", undefined)]);
await putEvents("bob", [event("click", "mat"), event("purchase", "stove")]);

seen.forAnn = await recommend({ userId: "ann", numResults: 2 });
seen.also = await recommend({ itemId: "tent", numResults: 1 });
const whole = await runtime.send(
  new GetRecommendationsCommand({
    recommenderArn: arn("recommender", "popular"),
    metadataColumns: { ITEMS: ["PRICE", "GENRES", "BRAND", "NUMBER_OF_RATINGS"] },
  }),
);
seen.metadata = whole.itemList.find((each) => each.itemId === "tent").metadata;
seen.recommendationId = whole.recommendationId;
seen.scores = whole.itemList.every((each) => typeof each.score === "number");
await putEvents("ann", [
  event("view", "lamp", { recommendationId: whole.recommendationId, impression: ["lamp", "mat"], eventValue: 2.5 }),
]);

const by = (name, filterValues, more = {}) =>
  recommend({ userId: "ann", numResults: 10, filterArn: arn("filter", name), filterValues, ...more });
seen.filters = {
  category: (await by("category", { CATEGORY: '"camping","boats"' })).sort(),
  cheap: (await by("cheap", { MOST: "30" })).sort(),
  notViewed: (await by("not-viewed")).sort(),
  notClickedByBob: (await by("not-clicked", undefined, { userId: "bob" })).sort(),
  both: (await by("both")).sort(),
  likeThis: (await by("like-this", undefined, { itemId: "tent" })).sort(),
  ofAdults: [(await by("of-adults")).sort(), (await by("of-adults", undefined, { userId: "bob" })).sort()],
  ratings: (await by("ratings")).sort(),
  leftOut: (await by("left-out")).sort(),
};
const rank = async (more) => {
  const inputList = ["unknown", "mat", "stove"];
  const command = { campaignArn: arn("campaign", "rank"), userId: "ann", inputList, ...more };
  const answer = await runtime.send(new GetPersonalizedRankingCommand(command));
  return answer.personalizedRanking.map((each) => each.itemId);
};
seen.ranking = await rank({});
seen.rankingFiltered = await rank({ filterArn: arn("filter", "cheap"), filterValues: { MOST: "30" } });

const signedBy = (credentials) => new PersonalizeRuntimeClient({ ...options, credentials });
const wrongSecret = signedBy({ accessKeyId, secretAccessKey: "wrong" });
const unknownKey = signedBy({ accessKeyId: "AKIA", secretAccessKey });
const late = new PersonalizeRuntimeClient({ ...options, systemClockOffset: -3_600_000 });
const home = new GetRecommendationsCommand({ campaignArn: arn("campaign", "home"), userId: "ann" });
seen.refusals = {
  noFilter: await refusal(() => by("nothing"), ResourceNotFoundException),
  noValue: await refusal(() => by("cheap"), InvalidInputException),
  noCampaign: await refusal(() => recommend({ campaignArn: undefined }), InvalidInputException),
  tooMany: await refusal(() => recommend({ numResults: 501 }), InvalidInputException),
  event: await refusal(() => putEvents("ann", [event("view", "x".repeat(129))]), InvalidEvents),
  properties: await refusal(() => putItems([item("bad", { price: -1 })]), InvalidEvents),
  wrongSecret: await refusal(() => wrongSecret.send(home), Error),
  unknownKey: await refusal(() => unknownKey.send(home), Error),
  late: await refusal(() => late.send(home), Error),
};

console.log(JSON.stringify(seen));
