using System.Diagnostics;

namespace MatchCluster.Api.Telemetry;

/// <summary>
/// The activity from the first message of a search to its last answer, and the one behind it: what the search does
/// with the answers. The partitions' own activities hang on the first.
/// </summary>
/// <remarks>
/// While it is not disposed of, what is started is started below it; then its caller goes on below the search.
/// </remarks>
internal sealed class ScatterSpan : IDisposable
{
    private const string Gather = "gather";

    private readonly ActivitySource source;
    private readonly Activity? search = Activity.Current;
    private readonly Activity? scatter;
    private int left;

    public ScatterSpan(ActivitySource source, int partitions)
    {
        this.source = source;
        left = partitions;
        scatter = source.StartActivity("scatter");
    }

    /// <summary>Ends what a search does with its answers; nothing where they did not all come.</summary>
    public static void EndGather(Activity? search) => (search?.GetCustomProperty(Gather) as Activity)?.Stop();

    /// <summary>Passes an answer on; the last one ends the scatter before its caller has it.</summary>
    public async Task<T> WatchAsync<T>(Task<T> answer)
    {
        try
        {
            return await answer;
        }
        finally
        {
            if (Interlocked.Decrement(ref left) == 0 && scatter is not null)
            {
                scatter.Stop();
                search?.SetCustomProperty(
                    Gather, source.StartActivity(Gather, ActivityKind.Internal, search.Context));
            }
        }
    }

    public void Dispose() => Activity.Current = search;
}
