using System.Threading.Channels;
using MatchCluster.Api.Osia.Endpoints;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Demo;

/// <summary>
/// Makes people on every core and enrols them by the way any caller's encounters go. A bounded channel lies
/// between, so that a large demo holds a few batches of templates at a time and no more.
/// </summary>
internal sealed class DemoGallery(DemoPeople people, EncounterRoot root, TimeProvider clock)
{
    private const int BatchPeople = 250;

    /// <exception cref="InvalidOperationException">The engine did not take a person; the message says why.</exception>
    public async Task FillAsync(int count, Action<int> enrolled, CancellationToken cancel)
    {
        var made = Channel.CreateBounded<Encounter>(BatchPeople);
        Task making = MakeAsync(count, made.Writer, cancel);
        List<Write> batch = [];
        int done = 0;
        await foreach (Encounter encounter in made.Reader.ReadAllAsync(cancel))
        {
            batch.Add(new Write.Create(encounter));
            if (batch.Count == BatchPeople || done + batch.Count == count)
            {
                await EnrolAsync(batch, cancel);
                done += batch.Count;
                enrolled(done);
                batch = [];
            }
        }

        await making;
    }

    private async Task MakeAsync(int count, ChannelWriter<Encounter> made, CancellationToken cancel)
    {
        Exception? error = null;
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, count), cancel, async (index, stop) =>
                await made.WriteAsync(people.Enrolment(index, clock.GetUtcNow()), stop));
        }
        catch (Exception broken)
        {
            error = broken; // The enroller meets it where it waits for the next person.
        }

        made.Complete(error);
    }

    private async Task EnrolAsync(List<Write> batch, CancellationToken cancel)
    {
        IReadOnlyList<WriteResult> results =
            await root.ApplyAsync(batch, SearchBudget.Of(Limits.LongestDeadline, cancel).For(Use.Internal));
        cancel.ThrowIfCancellationRequested();
        foreach (WriteResult result in results)
        {
            if (EncounterService.FailureOf(result) is { } failure)
            {
                throw new InvalidOperationException($"the demo could not enrol a person: {failure.Message}");
            }
        }
    }
}
