using System.Diagnostics;
using MatchCluster.Api.Http;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Api.Searching;

/// <summary>
/// The way of every search through the front end: gate, engine, metrics. Both doors lead through it.
/// </summary>
internal sealed class SearchDoor(SearchRoot root, AdmissionGate gate, SearchMetrics metrics)
{
    /// <summary>Between two looks whether there is a place.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public async ValueTask<Mapped<IdentifyAnswer>> IdentifyAsync(IdentifyRequest request, SearchBudget budget)
    {
        Mapped<IReadOnlyList<IdentifyAnswer>> answers = await IdentifyAsync([request], budget);
        return answers.IsFailed ? answers.Failure : answers.Value[0];
    }

    /// <summary>A batch takes one place: one pass over each partition serves all of it.</summary>
    public async ValueTask<Mapped<IReadOnlyList<IdentifyAnswer>>> IdentifyAsync(
        IReadOnlyList<IdentifyRequest> requests, SearchBudget budget)
    {
        return gate.Enter(requests.Count) is { } full ? Refused(full) : await InsideAsync(requests, budget);
    }

    /// <summary>
    /// The same for a stream, which waits where a single call is sent away: its caller feels it by the lines that are
    /// not read on. Refused only when the budget ends first.
    /// </summary>
    public async ValueTask<Mapped<IReadOnlyList<IdentifyAnswer>>> WaitAndIdentifyAsync(
        IReadOnlyList<IdentifyRequest> requests, SearchBudget budget)
    {
        while (gate.Enter(requests.Count) is { } full)
        {
            if (budget.Remaining <= Look)
            {
                return Refused(full);
            }

            await Task.Delay(Look, budget.Cancel);
        }

        return await InsideAsync(requests, budget);
    }

    private async ValueTask<Mapped<IReadOnlyList<IdentifyAnswer>>> InsideAsync(
        IReadOnlyList<IdentifyRequest> requests, SearchBudget budget)
    {
        long started = Stopwatch.GetTimestamp();
        using Activity? activity = metrics.Activities.StartActivity("identify");
        try
        {
            IReadOnlyList<IdentifyAnswer> answers = await root.IdentifyAsync(requests, budget);
            ScatterSpan.EndGather(activity);
            metrics.Searched(Stopwatch.GetElapsedTime(started), answers);
            return Mapped<IReadOnlyList<IdentifyAnswer>>.Of(answers);
        }
        finally
        {
            gate.Leave(requests.Count);
        }
    }

    public async ValueTask<Mapped<VerifyAnswer>> VerifyAsync(
        Probe probe, string gallery, string personId, double threshold, SearchBudget budget)
    {
        if (gate.Enter(count: 0) is { } full)
        {
            return Refused(full);
        }

        using Activity? activity = metrics.Activities.StartActivity("verify");
        try
        {
            VerifyAnswer answer = await root.VerifyAsync(probe, gallery, personId, threshold, budget);
            return answer.Refusal is { } refusal ? Failure.Of(refusal)
                : answer.Outage is { } outage ? Failure.Of(outage)
                : answer;
        }
        finally
        {
            gate.Leave(count: 0);
        }
    }

    private Failure Refused(Failure full)
    {
        metrics.Refused("Gate");
        return full;
    }
}
