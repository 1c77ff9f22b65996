#include "demo/catalogue_kinds.h"

#include <algorithm>

namespace doorbuster::demo {
namespace {

constexpr std::array kCategories = {
    Category{"cameras",
             "Cameras",
             "Compact, mirrorless and instant, for pictures worth keeping.",
             215,
             {"Pellow", "Juno Works", "Brissa", "Isoline", "Norvik", "Lumeon"}},
    Category{"camera-gear",
             "For cameras",
             "Cards, bags, tripods and glass.",
             190,
             {"Pellow", "Rivet", "Brissa", "Tarn", "Norvik", "Lumeon"}},
    Category{"phones",
             "Phones and tablets",
             "To talk, to read, to wear.",
             265,
             {"Verano", "Rivet", "Juno Works", "Isoline", "Quillon", "Umbra House"}},
    Category{"phone-gear",
             "For phones",
             "Cases, chargers and whatever keeps a phone alive.",
             300,
             {"Verano", "Rivet", "Marrow", "Isoline", "Quillon", "Umbra House"}},
    Category{"audio",
             "Sound",
             "Headphones, speakers, records.",
             340,
             {"Verano", "Marrow", "Cordell", "Halden", "Quillon", "Nordlys"}},
    Category{"games",
             "Games",
             "Consoles, controllers and what is played on them.",
             245,
             {"Rivet", "Kestrelle", "Juno Works", "Cordell", "Altamar", "Quillon"}},
    Category{"kitchen",
             "Kitchen",
             "Pans, knives and machines for every day.",
             25,
             {"Oakham", "Marrow", "Wexcombe", "Dunmore", "Solstad", "Garnet and Vale"}},
    Category{"coffee",
             "Coffee",
             "From the bean to the cup.",
             35,
             {"Oakham", "Brissa", "Wexcombe", "Altamar", "Solstad", "Garnet and Vale"}},
    Category{"lighting",
             "Lamps",
             "Light for desks, floors and ceilings.",
             48,
             {"Pellow", "Dunmore", "Wexcombe", "Halden", "Nordlys", "Lumeon"}},
    Category{"shoes",
             "Shoes",
             "To run, to hike, to stroll.",
             150,
             {"Verano", "Kestrelle", "Esker", "Tarn", "Fjellby", "Solstad"}},
    Category{"outdoors",
             "Outdoors",
             "Tents, packs and stoves for nights away.",
             120,
             {"Rivet", "Kestrelle", "Esker", "Tarn", "Fjellby", "Nordlys"}},
    Category{"books",
             "Books",
             "Novels, recipes, journeys and pictures.",
             5,
             {"Oakham", "Esker", "Dunmore", "Kestrelle", "Halden", "Umbra House"}},
};

constexpr std::array kKinds = {
    Kind{"compact-camera", "compact camera", 0, 149, 649, "megapixels", 12, 24,
         "that fits into a pocket and forgives a hasty hand", "memory-card camera-bag camera-battery",
         R"(<rect x="16" y="32" width="68" height="42" rx="9" fill="$a"/>)"
         R"(<circle cx="44" cy="53" r="14" fill="$b"/><circle cx="44" cy="53" r="7" fill="$c"/>)"
         R"(<rect x="66" y="39" width="11" height="7" rx="2" fill="$c"/>)"
         R"(<rect x="22" y="27" width="14" height="5" rx="2" fill="$b"/>)"},
    Kind{"mirrorless-camera", "mirrorless camera", 0, 599, 3299, "megapixels", 20, 61,
         "with a sensor that sees more than you do at dusk", "memory-card lens tripod camera-bag camera-battery",
         R"(<rect x="14" y="34" width="72" height="44" rx="7" fill="$a"/>)"
         R"(<path d="M36 34l5-9h18l5 9z" fill="$b"/><circle cx="50" cy="56" r="17" fill="$b"/>)"
         R"(<circle cx="50" cy="56" r="10" fill="$c"/><circle cx="77" cy="42" r="3" fill="$c"/>)"},
    Kind{"action-camera", "action camera", 0, 129, 549, "megapixels", 8, 27, "that does not mind water, mud or a fall",
         "memory-card camera-battery",
         R"(<rect x="27" y="28" width="46" height="44" rx="9" fill="$a"/>)"
         R"(<circle cx="59" cy="45" r="11" fill="$b"/><circle cx="59" cy="45" r="5" fill="$c"/>)"
         R"(<rect x="33" y="36" width="11" height="8" rx="2" fill="$c"/>)"
         R"(<rect x="44" y="72" width="12" height="12" fill="$b"/>)"},
    Kind{"instant-camera", "instant camera", 0, 69, 229, "megapixels", 4, 12,
         "whose pictures are there before the laughter ends", "photo-book camera-bag",
         R"(<rect x="18" y="24" width="64" height="50" rx="8" fill="$a"/>)"
         R"(<circle cx="50" cy="47" r="16" fill="$b"/><circle cx="50" cy="47" r="8" fill="$c"/>)"
         R"(<rect x="24" y="29" width="13" height="9" rx="2" fill="$c"/>)"
         R"(<rect x="28" y="74" width="44" height="14" fill="$c"/>)"
         R"(<rect x="33" y="74" width="34" height="9" fill="$b"/>)"},
    Kind{"film-camera", "film camera", 0, 199, 899, "shutter_speeds", 8, 16,
         "for those who like to wait for their pictures", "camera-bag tripod photo-book",
         R"(<rect x="12" y="36" width="76" height="40" rx="4" fill="$b"/>)"
         R"(<rect x="12" y="46" width="76" height="22" fill="$a"/><circle cx="50" cy="57" r="16" fill="$b"/>)"
         R"(<circle cx="50" cy="57" r="9" fill="$c"/>)"
         R"(<rect x="20" y="29" width="14" height="7" rx="3" fill="$a"/>)"
         R"(<rect x="64" y="30" width="16" height="6" rx="2" fill="$c"/>)"},
    Kind{"memory-card", "memory card", 1, 12, 189, "gigabytes", 32, 512, "that keeps up with bursts and long takes", "",
         R"(<path d="M30 20h30l12 12v48H30z" fill="$a"/>)"
         R"(<path d="M37 25v14M45 25v14M53 25v14" stroke="$c" stroke-width="4"/>)"
         R"(<rect x="37" y="50" width="28" height="20" rx="2" fill="$b"/>)"},
    Kind{"camera-bag", "camera bag", 1, 29, 249, "litres", 4, 22, "padded where it matters", "",
         R"(<path d="M34 40c0-22 32-22 32 0" fill="none" stroke="$b" stroke-width="5"/>)"
         R"(<rect x="18" y="38" width="64" height="42" rx="8" fill="$a"/>)"
         R"(<rect x="18" y="38" width="64" height="17" rx="8" fill="$b"/>)"
         R"(<rect x="44" y="49" width="12" height="11" rx="2" fill="$c"/>)"},
    Kind{"tripod", "tripod", 1, 35, 399, "height_cm", 110, 180, "that stands where you put it", "",
         R"(<path d="M50 36L26 86M50 36l24 50M50 36v50" stroke="$a" stroke-width="6" stroke-linecap="round"/>)"
         R"(<rect x="38" y="20" width="24" height="14" rx="3" fill="$b"/>)"
         R"(<circle cx="50" cy="40" r="6" fill="$c"/>)"},
    Kind{"lens", "lens", 1, 199, 1899, "focal_length_mm", 14, 200, "sharp from edge to edge", "",
         R"(<rect x="26" y="22" width="48" height="56" rx="6" fill="$a"/>)"
         R"(<path d="M26 36h48M26 60h48" stroke="$b" stroke-width="7"/>)"
         R"(<ellipse cx="50" cy="24" rx="24" ry="8" fill="$b"/>)"
         R"(<ellipse cx="50" cy="24" rx="15" ry="4" fill="$c"/>)"},
    Kind{"camera-battery", "camera battery", 1, 19, 89, "milliamp_hours", 900, 2300, "for another day of pictures", "",
         R"(<rect x="30" y="28" width="40" height="52" rx="6" fill="$a"/>)"
         R"(<rect x="40" y="20" width="20" height="9" rx="2" fill="$b"/>)"
         R"(<path d="M54 38L42 57h8l-4 15 13-20h-8z" fill="$c"/>)"},
    Kind{"smartphone", "smartphone", 2, 199, 1199, "gigabytes", 64, 512, "quick enough for years",
         "phone-case screen-protector charger power-bank",
         R"(<rect x="31" y="14" width="38" height="72" rx="7" fill="$b"/>)"
         R"(<rect x="34" y="20" width="32" height="58" rx="2" fill="$a"/>)"
         R"(<circle cx="50" cy="82" r="2" fill="$c"/><path d="M34 60l12-14 9 9 11-16v39H34z" fill="$c"/>)"},
    Kind{"folding-phone", "folding phone", 2, 799, 1799, "gigabytes", 128, 1024, "that is a tablet when you open it",
         "charger power-bank phone-case",
         R"(<path d="M20 20l29 6v60l-29-6z" fill="$a"/><path d="M80 20l-29 6v60l29-6z" fill="$b"/>)"
         R"(<path d="M25 27l20 4v46l-20-4z" fill="$c"/>)"},
    Kind{"tablet", "tablet", 2, 229, 1099, "gigabytes", 64, 512, "to draw, read and watch on", "stylus charger",
         R"(<rect x="16" y="22" width="68" height="54" rx="6" fill="$b"/>)"
         R"(<rect x="21" y="27" width="58" height="44" rx="2" fill="$a"/>)"
         R"(<circle cx="38" cy="43" r="7" fill="$c"/>)"
         R"(<path d="M21 71l22-20 12 10 12-14 12 12v12z" fill="$c"/>)"},
    Kind{"e-reader", "e-reader", 2, 89, 329, "gigabytes", 8, 64, "with a page that is kind to eyes", "novel charger",
         R"(<rect x="27" y="16" width="46" height="68" rx="5" fill="$a"/>)"
         R"(<rect x="32" y="22" width="36" height="50" fill="$c"/>)"
         R"(<path d="M37 31h26M37 39h26M37 47h26M37 55h17" stroke="$b" stroke-width="3"/>)"},
    Kind{"smartwatch", "smartwatch", 2, 99, 699, "battery_hours", 18, 240, "that counts steps and lets you forget them",
         "charger",
         R"(<path d="M39 12h22l3 20H36zM39 88h22l3-20H36z" fill="$b"/>)"
         R"(<circle cx="50" cy="50" r="24" fill="$a"/><circle cx="50" cy="50" r="18" fill="$c"/>)"
         R"(<path d="M50 38v13l9 6" fill="none" stroke="$b" stroke-width="4" stroke-linecap="round"/>)"},
    Kind{"phone-case", "phone case", 3, 9, 69, "millimetres", 1, 4, "that takes the fall", "",
         R"(<rect x="29" y="14" width="42" height="72" rx="9" fill="$a"/>)"
         R"(<rect x="36" y="20" width="15" height="22" rx="5" fill="$b"/>)"
         R"(<circle cx="43" cy="26" r="3.500" fill="$c"/><circle cx="43" cy="35" r="3.500" fill="$c"/>)"
         R"(<path d="M29 66l42-18v12L29 78z" fill="$c"/>)"},
    Kind{"charger", "charger", 3, 14, 89, "watts", 18, 120, "for everything on your desk", "",
         R"(<rect x="32" y="22" width="36" height="34" rx="7" fill="$a"/>)"
         R"(<path d="M42 22V12M58 22V12" stroke="$b" stroke-width="5"/>)"
         R"(<path d="M50 56c0 20-24 8-24 28" fill="none" stroke="$b" stroke-width="5"/>)"
         R"(<path d="M53 29L43 42h6l-3 9 10-13h-6z" fill="$c"/>)"},
    Kind{"power-bank", "power bank", 3, 19, 129, "milliamp_hours", 5000, 26000, "for the way home", "",
         R"(<rect x="24" y="20" width="52" height="62" rx="8" fill="$a"/>)"
         R"(<circle cx="36" cy="71" r="3" fill="$c"/><circle cx="46" cy="71" r="3" fill="$c"/>)"
         R"(<circle cx="56" cy="71" r="3" fill="$b"/><path d="M54 29L42 48h7l-4 13 13-18h-7z" fill="$c"/>)"},
    Kind{"screen-protector", "screen protector", 3, 7, 39, "pieces", 1, 3, "of hardened glass", "",
         R"(<rect x="33" y="18" width="38" height="68" rx="6" fill="$b"/>)"
         R"(<rect x="27" y="14" width="38" height="68" rx="6" fill="$c"/>)"
         R"(<path d="M31 62l30-40M31 74l22-29" stroke="$a" stroke-width="3"/>)"},
    Kind{"stylus", "stylus", 3, 19, 129, "grams", 9, 24, "that feels like a pencil", "",
         R"(<path d="M24 82l6-16 40-44 10 9-41 44z" fill="$a"/><path d="M24 82l6-16 9 9z" fill="$b"/>)"
         R"(<path d="M62 30l10 9" stroke="$c" stroke-width="4"/>)"},
    Kind{"headphones", "headphones", 4, 59, 549, "battery_hours", 20, 60, "that leave the train outside", "",
         R"(<path d="M22 58c0-48 56-48 56 0" fill="none" stroke="$b" stroke-width="7"/>)"
         R"(<rect x="15" y="52" width="17" height="28" rx="7" fill="$a"/>)"
         R"(<rect x="68" y="52" width="17" height="28" rx="7" fill="$a"/>)"
         R"(<path d="M32 56v20M68 56v20" stroke="$c" stroke-width="4"/>)"},
    Kind{"earbuds", "earbuds", 4, 29, 299, "battery_hours", 5, 12, "small enough to forget", "",
         R"(<circle cx="35" cy="35" r="13" fill="$a"/>)"
         R"(<rect x="30" y="40" width="10" height="34" rx="5" fill="$a"/>)"
         R"(<circle cx="66" cy="35" r="13" fill="$b"/>)"
         R"(<rect x="61" y="40" width="10" height="34" rx="5" fill="$b"/>)"
         R"(<circle cx="35" cy="35" r="5" fill="$c"/><circle cx="66" cy="35" r="5" fill="$c"/>)"},
    Kind{"portable-speaker", "portable speaker", 4, 39, 399, "watts", 5, 60, "louder than it looks", "",
         R"(<rect x="28" y="14" width="44" height="72" rx="9" fill="$a"/>)"
         R"(<circle cx="50" cy="61" r="16" fill="$b"/><circle cx="50" cy="61" r="7" fill="$c"/>)"
         R"(<circle cx="50" cy="31" r="9" fill="$b"/>)"},
    Kind{"turntable", "turntable", 4, 149, 999, "grams", 3500, 9800, "for the evenings", "vinyl-brush portable-speaker",
         R"(<rect x="12" y="26" width="76" height="52" rx="5" fill="$a"/>)"
         R"(<circle cx="42" cy="52" r="21" fill="$b"/><circle cx="42" cy="52" r="7" fill="$c"/>)"
         R"(<path d="M76 33v24L62 66" fill="none" stroke="$c" stroke-width="4"/>)"},
    Kind{"vinyl-brush", "record brush", 4, 9, 39, "grams", 40, 120, "that takes the dust and leaves the music", "",
         R"(<rect x="18" y="38" width="64" height="18" rx="8" fill="$a"/>)"
         R"(<rect x="22" y="56" width="56" height="5" fill="$b"/>)"
         R"(<path d="M26 61v12M34 61v12M42 61v12M50 61v12M58 61v12M66 61v12M74 61v12" stroke="$c" stroke-width="4"/>)"},
    Kind{"game-console", "game console", 5, 199, 649, "gigabytes", 256, 2048, "for one more round",
         "controller racing-game puzzle-game gaming-headset",
         R"(<rect x="14" y="38" width="72" height="28" rx="5" fill="$a"/>)"
         R"(<rect x="14" y="48" width="72" height="5" fill="$b"/><circle cx="76" cy="60" r="3" fill="$c"/>)"
         R"(<rect x="22" y="42" width="24" height="3" fill="$c"/>)"},
    Kind{"controller", "game controller", 5, 29, 179, "buttons", 12, 20, "with weight in the right place", "",
         R"(<path d="M26 34h48c14 0 19 42 7 44-8 1-10-14-18-14H37c-8 0-10 15-18 14-12-2-7-44 7-44z" fill="$a"/>)"
         R"(<path d="M34 42v14M27 49h14" stroke="$c" stroke-width="5"/>)"
         R"(<circle cx="66" cy="45" r="4" fill="$b"/><circle cx="74" cy="52" r="4" fill="$c"/>)"},
    Kind{"racing-game", "racing game", 5, 19, 79, "tracks", 12, 80, "in which rain changes everything", "controller",
         R"(<rect x="27" y="14" width="46" height="72" rx="3" fill="$b"/>)"
         R"(<rect x="31" y="14" width="42" height="72" fill="$a"/><path d="M31 74l20-46 22 46z" fill="$c"/>)"
         R"(<rect x="31" y="14" width="42" height="8" fill="$b"/>)"},
    Kind{"puzzle-game", "puzzle game", 5, 12, 49, "levels", 60, 400, "that is over too soon", "",
         R"(<rect x="27" y="14" width="46" height="72" rx="3" fill="$b"/>)"
         R"(<rect x="31" y="14" width="42" height="72" fill="$a"/>)"
         R"(<rect x="37" y="34" width="14" height="14" fill="$c"/>)"
         R"(<rect x="53" y="34" width="14" height="14" fill="$b"/>)"
         R"(<rect x="37" y="50" width="14" height="14" fill="$b"/><circle cx="60" cy="57" r="7" fill="$c"/>)"},
    Kind{"gaming-headset", "gaming headset", 5, 39, 279, "grams", 210, 390, "for hours of it", "",
         R"(<path d="M22 58c0-48 56-48 56 0" fill="none" stroke="$b" stroke-width="7"/>)"
         R"(<rect x="15" y="52" width="17" height="28" rx="7" fill="$a"/>)"
         R"(<rect x="68" y="52" width="17" height="28" rx="7" fill="$a"/>)"
         R"(<path d="M32 56v20M68 56v20" stroke="$c" stroke-width="4"/>)"
         R"(<path d="M24 80c0 10 10 12 20 11" fill="none" stroke="$b" stroke-width="4"/>)"
         R"(<circle cx="47" cy="91" r="4" fill="$c"/>)"},
    Kind{"frying-pan", "frying pan", 6, 24, 189, "centimetres", 20, 32, "that browns evenly", "chefs-knife",
         R"(<circle cx="40" cy="56" r="27" fill="$b"/><circle cx="40" cy="56" r="21" fill="$a"/>)"
         R"(<path d="M61 38l24-21" stroke="$b" stroke-width="9" stroke-linecap="round"/>)"
         R"(<circle cx="34" cy="50" r="6" fill="$c"/>)"},
    Kind{"chefs-knife", "chef's knife", 6, 29, 299, "centimetres", 15, 27, "that stays sharp", "cutting-board",
         R"(<path d="M14 60L64 24c6 12 2 20-8 26L28 66z" fill="$c"/>)"
         R"(<path d="M60 28l22-16 8 10-24 18z" fill="$a"/>)"
         R"(<path d="M14 60l14 6" stroke="$b" stroke-width="2"/>)"},
    Kind{"stand-mixer", "stand mixer", 6, 149, 699, "watts", 300, 1200, "for doughs that tire arms",
         "baking-tin cookbook",
         R"(<path d="M24 22h46c8 0 8 18 0 18H46v10h-8V40H24z" fill="$a"/>)"
         R"(<path d="M64 40h9v38h-9z" fill="$a"/>)"
         R"(<path d="M24 54h32c0 16-6 24-16 24s-16-8-16-24z" fill="$c"/>)"
         R"(<rect x="20" y="78" width="60" height="8" rx="3" fill="$b"/>)"},
    Kind{"cutting-board", "cutting board", 6, 19, 119, "centimetres", 25, 60, "of wood that closes over cuts", "",
         R"(<rect x="22" y="22" width="56" height="60" rx="6" fill="$a"/>)"
         R"(<circle cx="50" cy="32" r="4" fill="$c"/>)"
         R"(<path d="M32 48h36M32 58h36M32 68h36" stroke="$b" stroke-width="3"/>)"},
    Kind{"baking-tin", "baking tin", 6, 12, 59, "centimetres", 18, 32, "from which cakes let go", "",
         R"(<path d="M16 40h68l-8 36H24z" fill="$a"/><path d="M14 38h72v6H14z" fill="$b"/>)"
         R"(<path d="M24 38c4-18 48-18 52 0z" fill="$c"/>)"},
    Kind{"espresso-machine", "espresso machine", 7, 119, 1699, "bar", 9, 20, "for the first cup and the last",
         "coffee-grinder coffee-beans cup-set milk-jug",
         R"(<rect x="22" y="18" width="56" height="22" rx="5" fill="$a"/>)"
         R"(<rect x="22" y="18" width="14" height="64" rx="4" fill="$a"/>)"
         R"(<rect x="22" y="74" width="56" height="9" rx="3" fill="$b"/>)"
         R"(<rect x="48" y="40" width="18" height="8" fill="$b"/>)"
         R"(<path d="M47 58h20v9c0 5-20 5-20 0z" fill="$c"/><circle cx="66" cy="29" r="4" fill="$c"/>)"},
    Kind{"coffee-grinder", "coffee grinder", 7, 49, 499, "steps", 12, 60, "even from the first turn", "coffee-beans",
         R"(<path d="M30 16h40l-8 24H38z" fill="$c"/>)"
         R"(<rect x="34" y="38" width="32" height="36" rx="4" fill="$a"/>)"
         R"(<rect x="30" y="74" width="40" height="10" rx="3" fill="$b"/>)"
         R"(<circle cx="50" cy="54" r="7" fill="$b"/>)"},
    Kind{"coffee-beans", "coffee beans", 7, 8, 39, "grams", 250, 1000, "roasted slowly", "",
         R"(<path d="M28 24h44l4 60H24z" fill="$a"/><path d="M28 24l4-8h36l4 8z" fill="$b"/>)"
         R"(<ellipse cx="50" cy="56" rx="13" ry="17" fill="$c"/>)"
         R"(<path d="M50 40c-6 11 6 20 0 32" fill="none" stroke="$b" stroke-width="3"/>)"},
    Kind{"cup-set", "set of cups", 7, 19, 129, "pieces", 2, 8, "that keep warm", "",
         R"(<path d="M22 38h44v20c0 24-44 24-44 0z" fill="$a"/>)"
         R"(<path d="M66 42c18-4 18 22-2 20" fill="none" stroke="$a" stroke-width="6"/>)"
         R"(<ellipse cx="44" cy="82" rx="30" ry="5" fill="$b"/>)"
         R"(<path d="M36 30c-5-7 5-9 0-16M50 30c-5-7 5-9 0-16" fill="none" stroke="$c" stroke-width="4"/>)"},
    Kind{"milk-jug", "milk jug", 7, 12, 69, "millilitres", 200, 900, "that pours hearts", "",
         R"(<path d="M30 22h34l-5 16c8 12 10 42 2 46H35c-9-4-7-34 0-46z" fill="$a"/>)"
         R"(<path d="M64 36c18-2 18 28 1 30" fill="none" stroke="$b" stroke-width="6"/>)"
         R"(<path d="M34 56h27" stroke="$c" stroke-width="5"/>)"},
    Kind{"desk-lamp", "desk lamp", 8, 29, 329, "lumens", 300, 1100, "for late work", "light-bulb",
         R"(<path d="M26 84h40" stroke="$b" stroke-width="7" stroke-linecap="round"/>)"
         R"(<path d="M46 82L32 50l26-20" fill="none" stroke="$b" stroke-width="5"/>)"
         R"(<path d="M50 22l26 12-18 20-18-14z" fill="$a"/><circle cx="64" cy="49" r="6" fill="$c"/>)"},
    Kind{"floor-lamp", "floor lamp", 8, 59, 599, "lumens", 600, 2400, "to read beside", "light-bulb dimmer",
         R"(<path d="M50 34v50" stroke="$b" stroke-width="5"/><path d="M38 14h24l10 26H28z" fill="$a"/>)"
         R"(<path d="M32 40h36l3 5H29z" fill="$c"/>)"
         R"(<path d="M34 86h32" stroke="$b" stroke-width="6" stroke-linecap="round"/>)"},
    Kind{"pendant-lamp", "pendant lamp", 8, 49, 699, "lumens", 500, 2600, "to sit under", "light-bulb dimmer",
         R"(<path d="M50 8v26" stroke="$b" stroke-width="4"/><path d="M22 66c0-42 56-42 56 0z" fill="$a"/>)"
         R"(<path d="M38 66h24c0 14-24 14-24 0z" fill="$c"/><path d="M22 64h56v5H22z" fill="$b"/>)"},
    Kind{"light-bulb", "light bulb", 8, 4, 39, "lumens", 250, 1500, "with a warm light", "",
         R"(<path d="M50 14c30 0 30 32 14 46v10H36V60C20 46 20 14 50 14z" fill="$c"/>)"
         R"(<path d="M42 60V44l8 6 8-6v16" fill="none" stroke="$a" stroke-width="4"/>)"
         R"(<path d="M37 74h26M39 81h22" stroke="$b" stroke-width="5"/>)"},
    Kind{"dimmer", "dimmer", 8, 14, 89, "watts", 60, 400, "that does not hum", "",
         R"(<rect x="24" y="18" width="52" height="64" rx="8" fill="$c"/>)"
         R"(<circle cx="50" cy="50" r="18" fill="$a"/>)"
         R"(<path d="M50 50l9-13" stroke="$b" stroke-width="5" stroke-linecap="round"/>)"},
    Kind{"running-shoes", "running shoes", 9, 59, 259, "grams", 180, 330, "for the road", "socks smartwatch",
         R"(<path d="M12 46c12 6 18-2 22-12l34 24c12 4 20 6 20 16H12z" fill="$a"/>)"
         R"(<path d="M12 72h76v7c-2 3-5 3-8 3H16c-3 0-4-4-4-10z" fill="$b"/>)"
         R"(<path d="M40 44l8-8M48 50l8-8M56 56l8-8" stroke="$c" stroke-width="4"/>)"},
    Kind{"hiking-boots", "hiking boots", 9, 89, 349, "grams", 420, 760, "for stones and streams", "socks backpack",
         R"(<path d="M26 16h28v34l28 10c6 3 6 8 6 14H26z" fill="$a"/><path d="M24 74h66v8H24z" fill="$b"/>)"
         R"(<path d="M38 26h16M38 36h16M40 46h16" stroke="$c" stroke-width="4"/>)"},
    Kind{"sneakers", "sneakers", 9, 39, 199, "grams", 250, 420, "for every day", "",
         R"(<path d="M14 40h18l10 8 12-12 10 14c12 8 24 6 24 22H14z" fill="$a"/>)"
         R"(<path d="M12 70h76v10H12z" fill="$c"/>)"
         R"(<path d="M20 56c14 2 30 2 44-4" fill="none" stroke="$b" stroke-width="5"/>)"},
    Kind{"sandals", "sandals", 9, 29, 149, "grams", 180, 360, "for the summer", "",
         R"(<path d="M14 66c10-10 26-4 40-6s30-4 34 6c2 8-4 12-12 12H24c-8 0-12-4-10-12z" fill="$b"/>)"
         R"(<path d="M30 64c0-22 20-22 22-4M56 62c2-18 20-16 22 2" fill="none" stroke="$a" stroke-width="8"/>)"
         R"(<path d="M18 74h66" stroke="$c" stroke-width="3"/>)"},
    Kind{"socks", "socks", 9, 6, 29, "pairs", 1, 5, "that do not slip", "",
         R"(<path d="M36 14h26v38l16 16c8 10-2 22-16 16L40 66c-4-4-4-8-4-12z" fill="$a"/>)"
         R"(<path d="M36 14h26v10H36z" fill="$b"/>)"
         R"(<path d="M36 34h26M36 44h26" stroke="$c" stroke-width="4"/>)"},
    Kind{"tent", "tent", 10, 99, 899, "grams", 1200, 5200, "up before the rain",
         "sleeping-bag camping-stove head-torch",
         R"(<path d="M10 80L50 20l40 60z" fill="$a"/><path d="M50 20l40 60H62z" fill="$b"/>)"
         R"(<path d="M38 80l12-34 12 34z" fill="$c"/>)"},
    Kind{"sleeping-bag", "sleeping bag", 10, 59, 549, "grams", 600, 2100, "warm down to frost", "",
         R"(<rect x="26" y="12" width="48" height="76" rx="22" fill="$a"/>)"
         R"(<ellipse cx="50" cy="32" rx="16" ry="13" fill="$c"/>)"
         R"(<path d="M50 46v40M30 58h40M30 70h40" stroke="$b" stroke-width="3"/>)"},
    Kind{"camping-stove", "camping stove", 10, 29, 199, "grams", 80, 900, "that lights in wind", "",
         R"(<path d="M30 52h40l-4 30H34z" fill="$a"/><path d="M24 46h52v6H24z" fill="$b"/>)"
         R"(<path d="M50 14c14 14 12 24 6 30H44c-6-8-2-12 0-16 2 4 4 4 6-14z" fill="$c"/>)"},
    Kind{"backpack", "backpack", 10, 49, 349, "litres", 12, 70, "that sits on hips, not on shoulders", "",
         R"(<path d="M38 22c0-12 24-12 24 0" fill="none" stroke="$b" stroke-width="5"/>)"
         R"(<rect x="26" y="20" width="48" height="64" rx="14" fill="$a"/>)"
         R"(<rect x="33" y="52" width="34" height="25" rx="5" fill="$b"/>)"
         R"(<path d="M33 60h34" stroke="$c" stroke-width="3"/>)"
         R"(<path d="M38 32h24" stroke="$c" stroke-width="5"/>)"},
    Kind{"head-torch", "head torch", 10, 19, 129, "lumens", 100, 1200, "for the way back", "",
         R"(<path d="M14 44c20-16 52-16 72 0v10c-20-14-52-14-72 0z" fill="$b"/>)"
         R"(<rect x="34" y="36" width="32" height="28" rx="7" fill="$a"/>)"
         R"(<circle cx="50" cy="50" r="10" fill="$c"/>)"},
    Kind{"novel", "novel", 11, 9, 29, "pages", 180, 720, "that is hard to put down", "",
         R"(<path d="M26 16h46c4 0 4 4 4 4v64H30c-6 0-6-6-6-6V20c0-4 2-4 2-4z" fill="$a"/>)"
         R"(<path d="M30 76h46v8H30c-6 0-6-8 0-8z" fill="$c"/>)"
         R"(<rect x="36" y="28" width="30" height="7" fill="$c"/>)"
         R"(<rect x="36" y="40" width="20" height="4" fill="$b"/>)"},
    Kind{"cookbook", "cookbook", 11, 19, 59, "recipes", 50, 240, "with recipes that work", "frying-pan chefs-knife",
         R"(<path d="M26 16h46c4 0 4 4 4 4v64H30c-6 0-6-6-6-6V20c0-4 2-4 2-4z" fill="$a"/>)"
         R"(<path d="M30 76h46v8H30c-6 0-6-8 0-8z" fill="$c"/>)"
         R"(<rect x="36" y="28" width="30" height="7" fill="$c"/>)"
         R"(<rect x="36" y="40" width="20" height="4" fill="$b"/><circle cx="51" cy="60" r="9" fill="$b"/>)"
         R"(<path d="M60 60h10" stroke="$b" stroke-width="4"/>)"},
    Kind{"travel-guide", "travel guide", 11, 14, 39, "pages", 160, 480, "by somebody who got lost there", "backpack",
         R"(<path d="M26 16h46c4 0 4 4 4 4v64H30c-6 0-6-6-6-6V20c0-4 2-4 2-4z" fill="$a"/>)"
         R"(<path d="M30 76h46v8H30c-6 0-6-8 0-8z" fill="$c"/>)"
         R"(<rect x="36" y="28" width="30" height="7" fill="$c"/>)"
         R"(<rect x="36" y="40" width="20" height="4" fill="$b"/>)"
         R"(<path d="M38 68l9-18 8 8 11-10v20z" fill="$b"/>)"},
    Kind{"photo-book", "photo book", 11, 24, 99, "pages", 40, 240, "printed on heavy paper", "",
         R"(<rect x="14" y="26" width="72" height="52" rx="3" fill="$a"/>)"
         R"(<rect x="22" y="34" width="56" height="36" fill="$c"/><circle cx="36" cy="46" r="5" fill="$a"/>)"
         R"(<path d="M22 70l20-18 12 10 12-14 12 14v8z" fill="$b"/>)"},
    Kind{"childrens-book", "children's book", 11, 8, 24, "pages", 16, 64, "to be read again, and again", "",
         R"(<path d="M26 16h46c4 0 4 4 4 4v64H30c-6 0-6-6-6-6V20c0-4 2-4 2-4z" fill="$a"/>)"
         R"(<path d="M30 76h46v8H30c-6 0-6-8 0-8z" fill="$c"/>)"
         R"(<rect x="36" y="28" width="30" height="7" fill="$c"/>)"
         R"(<rect x="36" y="40" width="20" height="4" fill="$b"/><circle cx="51" cy="59" r="9" fill="$c"/>)"
         R"(<circle cx="44" cy="51" r="4" fill="$c"/><circle cx="58" cy="51" r="4" fill="$c"/>)"
         R"(<circle cx="48" cy="58" r="1.500" fill="$b"/><circle cx="54" cy="58" r="1.500" fill="$b"/>)"},
};
static_assert(kKinds.size() == kCategories.size() * kKindsOfCategory);

}  // namespace

std::span<const Category> categories() { return kCategories; }

std::span<const Kind> kinds() { return kKinds; }

uint32_t kind_named(std::string_view slug) {
  return static_cast<uint32_t>(std::ranges::find(kKinds, slug, &Kind::slug) - kKinds.begin());
}

}  // namespace doorbuster::demo
