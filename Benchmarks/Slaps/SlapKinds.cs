using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Slaps;

/// <summary>Kinds of trouble that pictures of several fingers are drawn with.</summary>
internal static class SlapKinds
{
    /// <summary>The name of each kind and its picture of a person, by dice of that person.</summary>
    public static readonly (string Name, Func<StableRandom, SlapView> View)[] All =
    [
        ("plain right four", _ => new SlapView()),
        ("plain left four", _ => new SlapView { Code = 14 }),
        ("thumbs", random => new SlapView { Code = 15, Gap = random.Uniform(6, 20) }),
        ("two or three of a hand", random => new SlapView
        {
            Code = random.Below(11) + 40, Gap = random.Uniform(2, 6),
        }),
        ("leaning up to 45 degrees", random => Either(random, new SlapView { Degrees = random.Uniform(-45, 45) })),
        ("tips in a row", random => Either(random, new SlapView { IsAligned = true })),
        ("spread", random => Either(random, new SlapView { Spread = 1.6, Gap = 4 })),
        ("near, 1 mm apart", random => Either(random, new SlapView { Gap = 1, Spread = 0.5 })),
        ("touching", random => Either(random, new SlapView { Gap = -0.7, Spread = 0.2 })),
        ("touching, leaning, lower phalanges", random => Either(random, new SlapView
        {
            Gap = -0.5, Spread = 0.3, Degrees = random.Uniform(-30, 30), HasLowerPhalanges = true,
        })),
        ("overlapping by 2 mm", random => Either(random, new SlapView { Gap = -2, Spread = 0.2 })),
        ("several of these at once", random => Either(random, new SlapView
        {
            Gap = random.Uniform(-1, 3), Spread = random.Uniform(0.2, 1.5), Degrees = random.Uniform(-40, 40),
            Dryness = random.Uniform(0.2, 0.9), Noise = random.Uniform(5, 25),
            LastPressure = random.Uniform(0.15, 1), HasLowerPhalanges = random.Chance(0.5),
            HasCard = random.Chance(0.3),
        })),
        ("lower phalanges", random => Either(random, new SlapView { HasLowerPhalanges = true })),
        ("palm", random => Either(random, new SlapView { HasLowerPhalanges = true, HasPalm = true, Height = 1750 })),
        ("faint little finger", random => Either(random, new SlapView { LastPressure = random.Uniform(0.2, 0.4) })),
        ("dry", random => Either(random, new SlapView { Dryness = random.Uniform(0.6, 0.9) })),
        ("noise", random => Either(random, new SlapView { Noise = random.Uniform(25, 40) })),
        ("card", random => Either(random, new SlapView { HasCard = true, HasLowerPhalanges = random.Chance(0.5) })),
        ("one finger missing, said", random => Without(random, Either(random, new SlapView()))),
        ("1,000 ppi", random => Either(random, new SlapView { Ppi = 1000, HasLowerPhalanges = random.Chance(0.5) })),
    ];

    private static SlapView Either(StableRandom random, SlapView view) =>
        view with { Code = random.Chance(0.5) ? 13 : 14 };

    private static SlapView Without(StableRandom random, SlapView view) =>
        view with { Missing = [random.Below(4) + (view.Code == 13 ? 2 : 7)] };
}
