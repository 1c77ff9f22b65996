// What a shop does with Gorse's own client, gorsejs; prints what it saw.
//
//   node gorse.mjs ENDPOINT KEY
import gorsejs from "gorsejs";

const { Gorse, GorseException } = gorsejs;
const [endpoint, secret] = process.argv.slice(2);
const client = new Gorse({ endpoint, secret });
const seen = {};

async function refusal(doing) {
  try {
    await doing();
  } catch (error) {
    return [error instanceof GorseException, error.code, String(error.message)];
  }
  return null;
}

const day = (n) => new Date(Date.UTC(2026, 0, n)).toISOString();
const feedback = (FeedbackType, UserId, ItemId, Timestamp = new Date()) =>
  ({ FeedbackType, UserId, ItemId, Timestamp });

// The catalogue.
const item = (ItemId, n, more = {}) => ({
  ItemId,
  IsHidden: false,
  Labels: ["outdoor"],
  Categories: ["camping"],
  Timestamp: day(n),
  Comment: `The ${ItemId}`,
  ...more,
});
seen.upsertItem = await client.upsertItem(item("tent", 1, { Labels: ["outdoor", "big"] }));
seen.upsertItems = await client.upsertItems([
  item("stove", 2),
  item("lamp", 3),
  item("mat", 4),
  item("novel", 5, { Categories: ["books"], Labels: ["paper"] }),
  item("secret", 6, { IsHidden: true }),
]);
seen.getItem = await client.getItem("tent");
seen.updateItem = await client.updateItem("lamp", { Comment: "Bright" });
seen.insertItemCategory = await client.insertItemCategory("lamp", "light");
seen.deleteItemCategory = await client.deleteItemCategory("lamp", "camping");
seen.lamp = await client.getItem("lamp");
await client.insertItemCategory("lamp", "camping");
const first = await client.getItems({ n: 4 });
const rest = await client.getItems({ n: 10, Cursor: first.Cursor });
seen.getItems = [first.Items.map((each) => each.ItemId), rest.Items.map((each) => each.ItemId), rest.Cursor];

// Users.
seen.insertUser = await client.insertUser({ UserId: "ann", Labels: ["regular"], Comment: "since 2019" });
seen.insertUsers = await client.insertUsers([{ UserId: "bob" }, { UserId: "cid", Labels: [] }]);
seen.updateUser = await client.updateUser("ann", { Comment: "since 2020" });
seen.getUser = await client.getUser("ann");

// Feedback: bob and cid like what goes together.
seen.insertFeedbacks = await client.insertFeedbacks(
  ["bob", "cid"].flatMap((user) => ["tent", "stove", "mat"].map((liked) => feedback("star", user, liked, day(9)))),
);
seen.again = await client.insertFeedbacks([feedback("star", "bob", "tent", day(9)), feedback("star", "bob", "tent")]);
seen.upsertFeedbacks = await client.upsertFeedbacks([feedback("read", "ann", "tent")]);
seen.getFeedback = await client.getFeedback({ type: "star", userId: "bob", itemId: "tent" });
seen.getUserFeedback = (await client.getUserFeedback("bob")).map((each) => [each.FeedbackType, each.ItemId]).sort();
seen.getUserFeedbackByType = (await client.getUserFeedbackByType("ann", "read")).map((each) => each.ItemId);

// Recommendations.
seen.getRecommend = await client.getRecommend({ userId: "ann", cursorOptions: { n: 2 } });
seen.getRecommendOffset = await client.getRecommend({ userId: "ann", cursorOptions: { n: 2, offset: 1 } });
seen.getRecommendCategory = await client.getRecommend({ userId: "ann", category: "books" });
seen.getPopular = await client.getPopular({ cursorOptions: { n: 3 } });
seen.getPopularCategory = await client.getPopular({ category: "books" });
seen.getLatest = await client.getLatest({ category: "camping", cursorOptions: { n: 2 } });
const neighbors = await client.getItemNeighbors({ itemId: "tent", cursorOptions: { n: 3 } });
seen.getItemNeighbors = neighbors.map(({ Id }) => Id);
seen.getSessionRecommend = (
  await client.getSessionRecommend([feedback("star", "nobody", "tent")], { cursorOptions: { n: 2 } })
).map(({ Id }) => Id);
const written = await client.getRecommend({
  userId: "ann",
  writeBackType: "read",
  writeBackDelay: "10m",
  cursorOptions: { n: 1 },
});
seen.writtenBack = [
  written,
  (await client.getUserFeedbackByType("ann", "read")).map((each) => each.ItemId).sort(),
  (await client.getRecommend({ userId: "ann", cursorOptions: { n: 10 } })).includes(written[0]),
];

// What is taken back is as if it had never been.
seen.deleteFeedback = await client.deleteFeedback({ type: "star", userId: "cid", itemId: "mat" });
seen.afterDelete = (await client.getUserFeedback("cid")).map((each) => each.ItemId).sort();
seen.likedAgain = await client.insertFeedbacks([feedback("star", "cid", "mat", day(10))]);
seen.afterLikedAgain = (await client.getUserFeedback("cid")).map((each) => each.ItemId).sort();
seen.deleteUser = await client.deleteUser("bob");
seen.deleteItem = await client.deleteItem("secret");

// What is refused raises the client's own exception.
seen.refusals = {
  user: await refusal(() => client.getUser("bob")),
  item: await refusal(() => client.getItem("secret")),
  feedback: await refusal(() => client.getFeedback({ type: "star", userId: "cid", itemId: "lamp" })),
  row: await refusal(() => client.insertFeedbacks([feedback("star", "eve", "tent"), { FeedbackType: "star" }])),
  taken: await refusal(() => client.deleteFeedback({ type: "read", userId: "ann", itemId: "tent" })),
  users: await refusal(() => client.getUsers()),
  neighbors: await refusal(() => client.getUserNeighbors({ userId: "ann" })),
  key: await refusal(() => new Gorse({ endpoint, secret: "dbk_000000000000_wrong" }).getItem("tent")),
  none: await refusal(() => new Gorse({ endpoint, secret: "" }).getItem("tent")),
};
seen.eve = await refusal(() => client.getUser("eve"));

console.log(JSON.stringify(seen));
