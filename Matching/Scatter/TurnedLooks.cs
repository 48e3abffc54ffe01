using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Searches with every finger of the probe turned, and what they add to the one as sent. At full rotation irises are
/// searched upside down too; by other turns they stay as they are: no camera takes eyes at a right angle.
/// </summary>
internal static class TurnedLooks
{
    private const int WholeTurn = QuarterTurns.Count * QuarterTurns.Degrees;

    private static readonly int[] OfFingers = [1, 2, 3];
    private static readonly int[] OfEyes = [EyeLooks.UpsideDown];

    /// <summary>Quarters of a turn of the other searches of <see cref="Rotation.Full"/>.</summary>
    public static IReadOnlyList<int> Others(Search search) =>
        MayBe(search) ? OfFingers : HasEyes(search) ? OfEyes : [];

    /// <summary>Quarters of a turn of the retry.</summary>
    public const int UpsideDown = 2;

    /// <summary>Whether a search compares fingers, which could be turned.</summary>
    public static bool MayBe(Search search) => search.Filter.Includes(Modality.Finger)
        && search.Probe.Fingers.Any(finger => finger.Template.IsComparable);

    /// <summary>Whether a search that found nobody is worth a second one upside down.</summary>
    public static bool MayBeUpsideDown(Search search) =>
        MayBe(search) && PrintLean.MayBeUpsideDown(search.Probe.Fingers.Select(finger => finger.Template));

    /// <summary>Whether a search compares irises, which could be upside down.</summary>
    private static bool HasEyes(Search search) =>
        search.Filter.Includes(Modality.Iris) && search.Probe.Irises.Count > 0;

    /// <summary>The search with the fingers turned, and upside down the irises too.</summary>
    public static Search Of(Search search, int quarters)
    {
        Search turned = OfFingersAlone(search, quarters);
        return quarters != EyeLooks.UpsideDown ? turned : turned with
        {
            Probe = new Probe(turned.Probe.Fingers, [.. turned.Probe.Irises.Select(iris => iris.UpsideDown)]),
        };
    }

    /// <summary>The search with the fingers turned and the irises as they were sent.</summary>
    public static Search OfFingersAlone(Search search, int quarters) => search with
    {
        Probe = new Probe(
            [
                .. search.Probe.Fingers.Select(
                    finger => finger with { Template = finger.Template.Turned(quarters) }),
            ],
            search.Probe.Irises),
    };

    /// <summary>
    /// One list of all four: those of turned fingers pay their price (<see cref="TurnedPrints"/>). What all of them
    /// looked at was searched.
    /// </summary>
    public static IdentifyAnswer JoinFull(Search search, IdentifyAnswer asSent, IReadOnlyList<IdentifyAnswer> turned)
    {
        if (turned.Prepend(asSent).FirstOrDefault(answer => answer.Refusal is not null) is { } refused)
        {
            return refused;
        }

        Coverage least = turned.Select(answer => answer.Coverage).Append(asSent.Coverage)
            .MinBy(coverage => coverage.IdentitiesSearched)!;
        IReadOnlyList<int> others = Others(search);
        IdentifyAnswer joined = Looks.Join(
            search, asSent with { Coverage = least },
            [.. turned.Select((answer, i) => Priced(answer, others[i], HasEyes(search)))]);
        return joined with { Turns = [0, .. others.Select(Degrees)] };
    }

    /// <summary>
    /// A search that found nobody with what its retry upside down found. The answer says that it was made only where it
    /// searched all that the first one did.
    /// </summary>
    public static IdentifyAnswer JoinRetry(Search search, IdentifyAnswer asSent, IdentifyAnswer retry)
    {
        if (retry.Refusal is not null)
        {
            return asSent;
        }

        IdentifyAnswer joined = Looks.Join(search, asSent, Priced(retry, UpsideDown, false)) with
        {
            Comparisons = asSent.Comparisons + retry.Comparisons,
            Elapsed = retry.Elapsed,
            WaitedInVain = asSent.WaitedInVain + retry.WaitedInVain,
        };
        bool isWhole = retry.Coverage.IsComplete || !asSent.Coverage.IsComplete;
        return joined with { Turns = isWhole || joined.Candidates.Count > 0 ? [0, Degrees(UpsideDown)] : null };
    }

    private static int Degrees(int quarters) => quarters * QuarterTurns.Degrees;

    /// <param name="answer">What a turned search found.</param>
    /// <param name="quarters">Quarters of the turn.</param>
    /// <param name="areEyesTurned">Whether irises are turned where the turn is upside down.</param>
    private static IdentifyAnswer Priced(IdentifyAnswer answer, int quarters, bool areEyesTurned)
    {
        bool hasEyes = areEyesTurned && quarters == EyeLooks.UpsideDown;
        return answer with
        {
            Candidates =
            [
                .. answer.Candidates.Select(candidate => candidate with
                {
                    Score = hasEyes ? EyeLooks.Score(candidate.Score, true, false)
                        : TurnedPrints.Score(candidate.Score, quarters),
                    Details = [.. candidate.Details.Select(detail => Turned(detail, quarters, hasEyes))],
                }),
            ],
        };
    }

    /// <summary>A detail with the whole turn of its finger or eye, which pays for it once.</summary>
    private static HitDetail Turned(HitDetail detail, int quarters, bool hasEyes)
    {
        bool isFinger = detail.ProbePosition.Modality switch
        {
            Modality.Finger => true,
            Modality.Iris => false,
        };
        if (!isFinger && !hasEyes)
        {
            return detail;
        }

        int turn = (Degrees(quarters) + (detail.Turn ?? 0)) % WholeTurn;
        return detail with
        {
            Turn = turn == 0 ? null : turn,
            Score = detail.Turn is not null ? detail.Score
                : isFinger ? TurnedPrints.Score(detail.Score, quarters) : EyeLooks.Score(detail.Score, true, false),
        };
    }
}
