using System.Globalization;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Searching;

/// <summary>
/// The rule of every answer: an empty list says "no candidate", and only a complete search that compared the probe
/// with somebody may say that.
/// </summary>
internal static class CoverageRule
{
    /// <summary>Says what fingers were scored by.</summary>
    public const string CalibrationHeader = "MatchCluster-Calibration";

    /// <summary>Says how much of the answer was released.</summary>
    public const string ReleaseHeader = "MatchCluster-Release";

    /// <summary>Names the case in which people decide about the candidates.</summary>
    public const string CaseHeader = "MC-Case";

    private const int ReasonsGiven = 3;

    /// <summary>The failure that must be answered in place of this answer, or null.</summary>
    public static Failure? FailureOf(IdentifyAnswer answer)
    {
        if (answer.Refusal is { } refusal)
        {
            return Failure.Of(refusal);
        }

        Coverage coverage = answer.Coverage;
        if (answer.Candidates.Count > 0 || (coverage.IsComplete && coverage.HasCompared))
        {
            return null;
        }

        if (coverage.IsComplete)
        {
            return new Failure(
                FailureCode.NothingComparable,
                $"found no finger or eye among the {coverage.IdentitiesHeld} identities searched that can be compared "
                + "with the probe, wanted one of the same place (and shape, for an iris code): no comparison was made");
        }

        string reasons = string.Join("; ", coverage.Missing.Take(ReasonsGiven));
        return new Failure(
            FailureCode.Incomplete,
            $"searched {coverage.IdentitiesSearched} of {coverage.IdentitiesHeld} identities in "
            + $"{coverage.PartitionsAnswered} of {coverage.PartitionsAsked} partitions and found no candidate there"
            + (reasons.Length == 0 ? "" : $": {reasons}"),
            coverage.RetryAfter ?? TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// The decision of a comparison of two sides, or the failure in its place: only what was compared can be different.
    /// </summary>
    public static Parsed<VerifyAnswer> Decided(VerifyAnswer answer) =>
        Failure.Of(answer.Refusal, answer.Outage) is { } failure ? failure
        : answer.HasCompared ? answer
        : NothingOfTwoSides;

    /// <summary>Where two sides have nothing that can be compared.</summary>
    public static Failure NothingOfTwoSides { get; } = new(
        FailureCode.NothingComparable,
        "found no finger or eye on both sides that can be compared with each other, wanted one of the same place "
        + "(and shape, for an iris code): no comparison was made");

    /// <summary>
    /// Says in headers what was searched; OSIA's list of candidates has no room when it is empty.
    /// </summary>
    public static void Describe(HttpResponse response, IdentifyAnswer answer)
    {
        if (answer.Refusal is not null)
        {
            return;
        }

        Coverage coverage = answer.Coverage;
        IHeaderDictionary headers = response.Headers;
        headers["MatchCluster-Complete"] = coverage.IsComplete ? "true" : "false";
        headers["MatchCluster-Partitions"] = $"{coverage.PartitionsAnswered}/{coverage.PartitionsAsked}";
        headers["MatchCluster-Identities"] = $"{coverage.IdentitiesSearched}/{coverage.IdentitiesHeld}";
        headers["MatchCluster-Comparable"] = coverage.IdentitiesComparable.ToString(CultureInfo.InvariantCulture);
        headers[ReleaseHeader] = ReleaseWords.Of(answer.Permission.Release);
        if (answer.AboveThreshold is { } above)
        {
            headers["MatchCluster-Above-Threshold"] = above.ToString(CultureInfo.InvariantCulture);
        }

        if (answer.IsCut is { } isCut)
        {
            headers["MatchCluster-Cut"] = isCut ? "true" : "false";
        }

        if (answer.Penetration is { } penetration)
        {
            headers["MatchCluster-Penetration"] = penetration.ToString("G6", CultureInfo.InvariantCulture);
        }

        if (answer.Loss is { } loss)
        {
            headers["MatchCluster-Loss"] = loss.AtMost.ToString("G6", CultureInfo.InvariantCulture);
            headers["MatchCluster-Expected-Loss"] = loss.Expected.ToString("G6", CultureInfo.InvariantCulture);
        }

        if (answer.CaseId is { } opened)
        {
            headers[CaseHeader] = opened;
        }

        if (answer.Fast is { } fast)
        {
            headers["MatchCluster-Fast"] = string.Create(
                CultureInfo.InvariantCulture, $"iris; sampled-to={fast.SampledTo}; loss={fast.Loss}");
        }

        if (answer.Turns is { } turns)
        {
            headers["MatchCluster-Turns"] = string.Join(", ", turns);
        }

        headers["MatchCluster-Threshold"] = answer.Threshold.ToString(CultureInfo.InvariantCulture);
        headers["MatchCluster-Fpir"] = answer.FpirAtThreshold.ToString("G6", CultureInfo.InvariantCulture);
        headers["MatchCluster-Engine"] = EngineVersion.Text;
        headers[CalibrationHeader] = answer.Calibration.Id;
        if (answer.Elapsed is { } elapsed)
        {
            headers["MatchCluster-Elapsed-Ms"] = elapsed.TotalMilliseconds.ToString("F3", CultureInfo.InvariantCulture);
        }
    }
}
