using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.OpenApi;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Streams;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Tests.Release;

/// <summary>
/// From which release profile on each member of the doors' answers, and each header of a search, is there. What a
/// search says whomever it found is in every profile.
/// </summary>
internal static class DoorMembers
{
    private const ReleaseProfile Hit = ReleaseProfile.Hit;
    private const ReleaseProfile Candidates = ReleaseProfile.Candidates;
    private const ReleaseProfile Scores = ReleaseProfile.Scores;
    private const ReleaseProfile Full = ReleaseProfile.Full;

    private static readonly Dictionary<string, ReleaseProfile> Members = new()
    {
        // The candidate of OSIA, whose first three members the contract requires; the tests look at their values.
        ["personId"] = Hit,
        ["rank"] = Hit,
        ["score"] = Hit,
        ["scores"] = Hit,
        ["others"] = Hit,

        // Others of a candidate, and lines of a stream.
        ["threshold"] = Hit,
        ["complete"] = Hit,
        ["partitionsAsked"] = Hit,
        ["partitionsAnswered"] = Hit,
        ["identitiesHeld"] = Hit,
        ["identitiesSearched"] = Hit,
        ["identitiesComparable"] = Hit,
        ["loss"] = Hit,
        ["expectedLoss"] = Hit,
        ["fast"] = Hit,
        ["forgiven"] = Hit,
        ["engine"] = Hit,
        ["calibration"] = Hit,
        ["adjudication"] = Hit,
        ["release"] = Hit,
        ["case"] = Hit, // It is the reference of a hit too.
        ["cut"] = Candidates,
        ["aboveThreshold"] = Scores,
        ["penetration"] = Full,
        ["turns"] = Full,
        ["swappedFingers"] = Full,
        ["turnedFingers"] = Full,
        ["swappedEyes"] = Full,
        ["turnedEyes"] = Full,
        ["eyesDisagree"] = Full,
        ["id"] = Hit,
        ["line"] = Hit,
        ["error"] = Hit,
        ["compared"] = Hit,
        ["coverage"] = Hit,
        ["missing"] = Hit,
        ["notUsed"] = Hit,
        ["extracted"] = Hit,
        ["candidates"] = Hit,
        ["elapsedMs"] = Full,

        // FPIR of a candidate follows from its score; that of a line is of the threshold.
        ["fpir"] = Scores,
        ["BatchAnswer.fpir"] = Hit,

        // A comparison.
        ["decision"] = Hit,
        ["encounterId"] = Full,
        ["galleries"] = Full,
        ["biometricType"] = Full,
        ["biometricSubType"] = Full,
        ["probeSubType"] = Full,
        ["raw"] = Full,
        ["normalised"] = Full,
        ["validBits"] = Full,
        ["rotation"] = Full,
        ["turned"] = Full,
        ["swapped"] = Full,
        ["disagrees"] = Full,
    };

    private static readonly Dictionary<string, ReleaseProfile> Headers = new()
    {
        ["MC-Case"] = Hit,
        ["MC-Service-Level"] = Hit,
        ["MatchCluster-Release"] = Hit,
        ["MatchCluster-Complete"] = Hit,
        ["MatchCluster-Partitions"] = Hit,
        ["MatchCluster-Identities"] = Hit,
        ["MatchCluster-Comparable"] = Hit,
        ["MatchCluster-Cut"] = Candidates,
        ["MatchCluster-Above-Threshold"] = Scores,
        ["MatchCluster-Penetration"] = Full,
        ["MatchCluster-Loss"] = Hit,
        ["MatchCluster-Expected-Loss"] = Hit,
        ["MatchCluster-Fast"] = Hit,
        ["MatchCluster-Turns"] = Full,
        ["MatchCluster-Threshold"] = Hit,
        ["MatchCluster-Fpir"] = Hit,
        ["MatchCluster-Engine"] = Hit,
        ["MatchCluster-Calibration"] = Hit,
        ["MatchCluster-Extracted"] = Hit,
        ["MatchCluster-Not-Used"] = Hit,
        ["MatchCluster-Forgiven"] = Hit,
        ["MatchCluster-Elapsed-Ms"] = Full,
    };

    /// <summary>Fails where an answer has a member or a header without a profile.</summary>
    public static void AssertComplete()
    {
        Type[] answers =
        [
            typeof(OsiaCandidate), typeof(CandidateOthers), typeof(OsiaScoreDetail), typeof(ScoreOthers),
            typeof(OsiaVerifyAnswer), typeof(BatchAnswer), typeof(BatchCoverage),
        ];
        Assert.Empty(answers.SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name))
            .Where(name => !Members.ContainsKey(name)).Distinct());
        Assert.Equal(Headers.Keys.Order(), AnswerHeaders.NamesOfSearch.Order());
    }

    /// <summary>Fails where an answer has what its profile does not release.</summary>
    public static void AssertReleased(
        string door, ReleaseProfile profile, string body, IReadOnlyList<string> headers)
    {
        foreach (string header in headers.Where(header => header.StartsWith("MatchCluster-", StringComparison.Ordinal)))
        {
            string name = header.Split(':')[0];
            Assert.True(Headers.TryGetValue(name, out ReleaseProfile least), $"{door}: {name} has no profile");
            Assert.True(least <= profile, $"{door} under {profile} has the header {header}");
        }

        // What is explained is released in full or not at all, and has a form of its own.
        if (body.Length > 0 && door != "explainCandidate")
        {
            JsonNode answer = JsonNode.Parse(body)!;
            AssertReleased(door, profile, answer, isLine: door == "batchIdentify");
        }
    }

    private static void AssertReleased(string door, ReleaseProfile profile, JsonNode? node, bool isLine)
    {
        foreach (JsonNode? one in node as JsonArray ?? [])
        {
            AssertReleased(door, profile, one, isLine: false);
        }

        foreach ((string name, JsonNode? value) in node as JsonObject ?? [])
        {
            Assert.True(Members.TryGetValue(name, out ReleaseProfile least), $"{door}: {name} has no profile");
            least = isLine ? Members.GetValueOrDefault($"{nameof(BatchAnswer)}.{name}", least) : least;
            Assert.True(least <= profile, $"{door} under {profile} has {name}: {value}");
            Assert.True(
                name != "score" || profile >= ReleaseProfile.Scores || (double)value! == 0,
                $"{door} under {profile} has a score: {value}");
            AssertReleased(door, profile, value, isLine: false);
        }
    }
}
