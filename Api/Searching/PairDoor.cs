using MatchCluster.Api.Http;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Searching;

/// <summary>
/// Compares two sets of samples that are not enrolled. The second set becomes the only person of a gallery in
/// memory that lives as long as the call: the score is then the one a search would give, by the same code,
/// and nothing is left behind.
/// </summary>
internal sealed class PairDoor(AdmissionGate gate, TimeProvider clock)
{
    private const string Gallery = "pair";
    private const string Person = "reference";

    public async ValueTask<Mapped<VerifyAnswer>> CompareAsync(
        Probe probe, IReadOnlyList<Sample> reference, double threshold, SearchBudget budget)
    {
        if (reference.Count == 0)
        {
            return new Failure(ErrorCode.InvalidBiometricData,
                "biometricData2: found no template, wanted at least one");
        }

        if (!gate.TryEnter())
        {
            return gate.Full();
        }

        try
        {
            await using MemoryGalleryStore store = new(1);
            await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 1 });
            await engine.Loaded.WaitAsync(budget.Cancel);
            WriteResult enrolled = (await new EncounterRoot(engine).ApplyAsync([EnrolmentOf(reference)], budget))[0];
            if (enrolled.Refusal is { } refusal)
            {
                return Failure.Of(refusal);
            }

            VerifyAnswer answer =
                await new SearchRoot(engine, clock).VerifyAsync(probe, Gallery, Person, threshold, budget);
            return answer.Refusal is { } refused ? Failure.Of(refused)
                : answer.Outage is { } outage ? Failure.Of(outage)
                : answer;
        }
        finally
        {
            gate.Leave();
        }
    }

    private Write.Create EnrolmentOf(IReadOnlyList<Sample> samples) => new(new Encounter
    {
        PersonId = Person,
        EncounterId = "1",
        RecordId = Guid.NewGuid(),
        Status = EncounterStatus.Active,
        EncounterType = "comparison",
        Galleries = [Gallery],
        Created = clock.GetUtcNow(),
        Updated = clock.GetUtcNow(),
        Samples = samples,
    });
}
