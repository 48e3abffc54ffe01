using System.Reflection;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>
/// What each release profile shows of random answers. A member of an answer that is not in the tables here fails:
/// whoever adds one decides from which profile on it leaves.
/// </summary>
public sealed class AnswerReleaseTests
{
    private const string Partner = "border-a";
    private static readonly byte[] Secret = [.. Enumerable.Range(1, PartnerIds.SecretBytes).Select(i => (byte)i)];
    private static readonly PartnerIds Ids = new(() => Secret);

    /// <summary>From which profile on a member of the answer to a search has its value.</summary>
    private static readonly Dictionary<string, ReleaseProfile> OfSearch = new()
    {
        ["Refusal"] = ReleaseProfile.Hit,
        ["Permission"] = ReleaseProfile.Hit,
        ["Coverage"] = ReleaseProfile.Hit,
        ["Calibration"] = ReleaseProfile.Hit,
        ["Threshold"] = ReleaseProfile.Hit,
        ["FpirAtThreshold"] = ReleaseProfile.Hit,
        ["CaseId"] = ReleaseProfile.Hit,
        ["Found"] = ReleaseProfile.Hit, // Gives keyed hashes alone, and is written by no door.
        ["Fast"] = ReleaseProfile.Hit,
        ["Loss"] = ReleaseProfile.Hit,
        ["WaitedInVain"] = ReleaseProfile.Hit,
        ["Gallery"] = ReleaseProfile.Hit, // The caller's own word; it goes with the state to the audit log alone.
        ["State"] = ReleaseProfile.Hit,
        ["Candidates"] = ReleaseProfile.Hit, // A list of its own: see OfCandidate.
        ["IsCut"] = ReleaseProfile.Candidates,
        ["AboveThreshold"] = ReleaseProfile.Scores,
        ["Comparisons"] = ReleaseProfile.Full,
        ["FirstStage"] = ReleaseProfile.Full,
        ["Turns"] = ReleaseProfile.Full,
        ["Elapsed"] = ReleaseProfile.Full,
    };

    private static readonly Dictionary<string, ReleaseProfile> OfCandidate = new()
    {
        ["Rank"] = ReleaseProfile.Hit,
        ["PersonId"] = ReleaseProfile.Full,
        ["Score"] = ReleaseProfile.Scores,
        ["Fpir"] = ReleaseProfile.Scores,
        ["Details"] = ReleaseProfile.Full,
    };

    private static readonly Dictionary<string, ReleaseProfile> OfComparison = new()
    {
        ["Refusal"] = ReleaseProfile.Hit,
        ["Outage"] = ReleaseProfile.Hit,
        ["Permission"] = ReleaseProfile.Hit,
        ["HasCompared"] = ReleaseProfile.Hit,
        ["Decision"] = ReleaseProfile.Hit,
        ["Threshold"] = ReleaseProfile.Hit,
        ["Score"] = ReleaseProfile.Scores,
        ["Details"] = ReleaseProfile.Full,
    };

    [Fact]
    public void A_profile_shows_of_any_answer_what_its_table_says_and_nothing_else()
    {
        Random random = new(17);
        foreach (ReleaseProfile profile in Enum.GetValues<ReleaseProfile>())
        {
            for (int i = 0; i < 200; i++)
            {
                IdentifyAnswer whole = AnAnswer(random, profile);
                IdentifyAnswer cut = AnswerRelease.Of(whole, Partner, Ids);
                AssertShows(OfSearch, whole, cut, profile, "Candidates", "Found");
                Assert.Equal(whole.Candidates.Count, cut.Found.Count);
                Assert.Equal(
                    profile == ReleaseProfile.Hit ? Math.Min(1, whole.Candidates.Count) : whole.Candidates.Count,
                    cut.Candidates.Count);
                for (int c = 0; c < cut.Candidates.Count; c++)
                {
                    Candidate shown = cut.Candidates[c];
                    AssertShows(OfCandidate, whole.Candidates[c], shown, profile, "PersonId");
                    Assert.Equal(profile == ReleaseProfile.Full, shown.PersonId == whole.Candidates[c].PersonId);
                    Assert.True(profile != ReleaseProfile.Hit || shown.PersonId == (whole.CaseId ?? shown.PersonId));
                }

                Assert.Equal(profile == ReleaseProfile.Full ? whole.Penetration : null, cut.Penetration);
                VerifyAnswer compared = AComparison(random, profile);
                AssertShows(OfComparison, compared, AnswerRelease.Of(compared), profile);
            }
        }
    }

    [Fact]
    public void A_comparison_shows_no_score_below_the_least_threshold_of_the_agreement()
    {
        VerifyAnswer compared = AComparison(new Random(5), ReleaseProfile.Full) with
        {
            Score = 39.9,
            Decision = false,
            HasCompared = true,
        };
        VerifyAnswer below = AnswerRelease.Of(
            compared with { Permission = compared.Permission with { MinThreshold = 40 } });
        Assert.Equal((0, false, true), (below.Score, below.Decision, below.HasCompared));
        Assert.Empty(below.Details);
        Assert.Equal(39.9, AnswerRelease.Of(
            compared with { Permission = compared.Permission with { MinThreshold = 39.9 } }).Score);
    }

    [Fact]
    public void A_hit_does_not_say_how_many_or_who_and_no_two_references_are_equal()
    {
        Random random = new(4);
        IdentifyAnswer answer = AnAnswer(random, ReleaseProfile.Hit) with { CaseId = null };
        answer = answer with { Candidates = [Some(random, 1), Some(random, 2)] };
        string[] seen =
        [
            .. Enumerable.Range(0, 50).Select(i => AnswerRelease.Of(
                i % 2 == 0 ? answer : answer with { Candidates = [answer.Candidates[0]] }, Partner, null))
                .Select(cut => Assert.Single(cut.Candidates).PersonId),
        ];
        Assert.Equal(50, seen.Distinct().Count());
        Assert.All(seen, reference => Assert.Null(IdRule.Check("personId", reference)));
    }

    [Fact]
    public void Ids_of_two_partners_have_no_relation_and_need_the_key()
    {
        string[] people = [.. Enumerable.Range(0, 2000).Select(i => $"P-{i:D6}")];
        string[] a = [.. people.Select(person => Ids.OfPerson("border-a", person))];
        string[] b = [.. people.Select(person => Ids.OfPerson("visa-b", person))];
        PartnerIds guessed = new(() => new byte[PartnerIds.SecretBytes]);
        string[] otherKey = [.. people.Select(person => guessed.OfPerson("border-a", person))];

        Assert.Equal(a, people.Select(person => Ids.OfPerson("border-a", person))); // Stable for a partner.
        Assert.Equal(6000, a.Concat(b).Concat(otherKey).Distinct().Count()); // No two are equal, of anybody.
        Assert.All(a, id => Assert.Null(IdRule.Check("personId", id)));

        // Neither the bits of one person's two ids nor the orders of the two lists tell who is who.
        Assert.InRange(MeanEqualBits(a, b), 0.49, 0.51);
        Assert.InRange(MeanEqualBits(a, otherKey), 0.49, 0.51);
        Assert.InRange(SameOrder(a, b), 0.45, 0.55);
        Assert.InRange(SameOrder(a, people), 0.45, 0.55);

        // Names that run together are partners of their own.
        Assert.NotEqual(Ids.OfPerson("a", "bc"), Ids.OfPerson("ab", "c"));
    }

    private static double MeanEqualBits(string[] a, string[] b) => a.Zip(b).Average(pair =>
    {
        byte[] x = Convert.FromHexString(pair.First[2..]);
        byte[] y = Convert.FromHexString(pair.Second[2..]);
        return x.Zip(y).Sum(two => 8 - int.PopCount(two.First ^ two.Second)) / (8.0 * x.Length);
    });

    private static double SameOrder(string[] a, string[] b) => Enumerable.Range(0, a.Length - 1).Average(i =>
        string.CompareOrdinal(a[i], a[i + 1]) < 0 == string.CompareOrdinal(b[i], b[i + 1]) < 0 ? 1.0 : 0.0);

    /// <summary>A member has its value from its profile on, and before that what says nothing.</summary>
    private static void AssertShows(
        Dictionary<string, ReleaseProfile> table, object whole, object cut, ReleaseProfile profile,
        params string[] otherwise)
    {
        PropertyInfo[] members =
        [
            .. whole.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(member => member.SetMethod is not null),
        ];
        Assert.Equal(table.Keys.Order(), members.Select(member => member.Name).Order());
        foreach (PropertyInfo member in members.Where(member => !otherwise.Contains(member.Name)))
        {
            object? shown = member.GetValue(cut);
            object? wanted = profile >= table[member.Name] ? member.GetValue(whole) : null;
            Assert.True(
                Equals(shown, wanted) || (wanted is null && SaysNothing(shown)),
                $"{member.DeclaringType!.Name}.{member.Name} under {profile}: found {shown}, wanted {wanted}");
        }
    }

    private static bool SaysNothing(object? value) => value is null or 0 or 0L or 0.0 or System.Collections.ICollection
    { Count: 0 };

    private static IdentifyAnswer AnAnswer(Random random, ReleaseProfile profile) => new()
    {
        Permission = new UseDecision { Release = profile },
        Coverage = new Coverage
        {
            PartitionsAsked = 4,
            PartitionsAnswered = 4,
            IdentitiesHeld = random.Next(1, 9999),
            IdentitiesSearched = random.Next(1, 9999),
            IdentitiesComparable = random.Next(1, 9999),
        },
        Gallery = "watchlist",
        State = new GalleryState(default, random.Next(1, 9999)),
        Threshold = random.NextDouble() * 90,
        FpirAtThreshold = random.NextDouble(),
        CaseId = random.Next(2) == 0 ? null : $"case-{random.Next()}",
        Candidates = [.. Enumerable.Range(1, random.Next(0, 5)).Select(rank => Some(random, rank))],
        AboveThreshold = random.Next(1, 9999),
        Comparisons = random.Next(1, 9999),
        FirstStage = new FirstStage { Encounters = 1000, Passed = random.Next(1, 1000), Loss = new(0.1, 0.2) },
        Fast = FastIrises.Measured,
        Turns = [0, random.Next(1, 4) * 90],
        Elapsed = TimeSpan.FromMilliseconds(random.Next(1, 9999)),
        WaitedInVain = TimeSpan.FromMilliseconds(random.Next(1, 9999)),
    };

    private static VerifyAnswer AComparison(Random random, ReleaseProfile profile) => new()
    {
        Permission = new UseDecision { Release = profile },
        HasCompared = true,
        Decision = random.Next(2) == 0,
        Score = 1 + (random.NextDouble() * 90),
        Threshold = 1 + (random.NextDouble() * 90),
        Details = Some(random, 1).Details,
    };

    private static Candidate Some(Random random, int rank) => new(
        rank, $"person-{random.Next()}", 1 + (random.NextDouble() * 90), random.NextDouble(),
        [
            new HitDetail
            {
                EncounterId = $"encounter-{random.Next()}",
                Galleries = [$"gallery-{random.Next()}"],
                ProbePosition = BiometricPosition.UnknownFinger,
                GalleryPosition = BiometricPosition.UnknownFinger,
                Score = random.NextDouble(),
                Raw = random.NextDouble(),
            },
        ]);
}
