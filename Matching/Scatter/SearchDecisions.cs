using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Scatter;

/// <summary>What the policy is asked about searches, and what its decisions make of them.</summary>
public static class SearchDecisions
{
    public static UseRequest RequestOf(IdentifyRequest request) =>
        RequestOf(Operation.Identify, request.Probe, request.Gallery) with { Threshold = request.Threshold };

    public static UseRequest RequestOf(Operation operation, Probe probe, string gallery) =>
        UseRequest.Of(operation, gallery) with { Modalities = ModalitiesOf(probe) };

    /// <summary>
    /// The request as far as it is allowed: a list is cut, a threshold that follows from FPIR is raised.
    /// </summary>
    public static IdentifyRequest Limited(IdentifyRequest request, UseDecision decision) => request with
    {
        MaxCandidates = decision.MaxCandidates < Limits.CandidatesPerSearch
            ? Math.Min(request.MaxCandidates, decision.MaxCandidates) : request.MaxCandidates,
        MinThreshold = Math.Max(request.MinThreshold, decision.MinThreshold),
    };

    /// <summary>The decision, or a refusal where its answers need ids that cannot be made.</summary>
    public static UseDecision WithIds(UseDecision decision, PartnerIds? ids)
    {
        if (!AnswerRelease.NeedsIds(decision.Release))
        {
            return decision;
        }

        try
        {
            ids?.Open();
            return ids is not null ? decision : decision with
            {
                Refusal = new Refusal(
                    RefusalKind.Invalid, "no key for the ids of this release profile; wanted --reference-key"),
            };
        }
        catch (StoreException fault)
        {
            return decision with { Refusal = new Refusal(RefusalKind.Invalid, fault.Message) };
        }
    }

    /// <summary>The answer to a search that was not made.</summary>
    public static IdentifyAnswer Refused(UseDecision decision) => new()
    {
        Refusal = decision.Refusal,
        Permission = decision,
        Coverage = new Coverage
        {
            PartitionsAsked = 0,
            PartitionsAnswered = 0,
            IdentitiesHeld = 0,
            IdentitiesSearched = 0,
            IdentitiesComparable = 0,
        },
    };

    private static List<Modality> ModalitiesOf(Probe probe)
    {
        List<Modality> modalities = [];
        if (probe.Fingers.Count > 0)
        {
            modalities.Add(Modality.Finger);
        }

        if (probe.Irises.Count > 0)
        {
            modalities.Add(Modality.Iris);
        }

        return modalities;
    }
}
