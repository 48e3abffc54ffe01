using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Streams;

/// <summary>
/// A defect that one line of a stream meets is that line's answer: the lines round it are answered, as calls of their
/// own would be.
/// </summary>
internal static class LineDefects
{
    private const string Category = "MatchCluster.Api.Streams";

    /// <summary>What is prepared, or what stands in its place after a defect, which is logged.</summary>
    /// <param name="http">The call of the stream.</param>
    /// <param name="prepare">Reads a line.</param>
    /// <param name="failed">The line with a failure.</param>
    public static async Task<T> HoldAsync<T>(HttpContext http, Func<ValueTask<T>> prepare, Func<Failure, T> failed)
    {
        try
        {
            return await prepare();
        }
        catch (Exception defect) when (defect is not (OperationCanceledException or IOException or FailureException))
        {
            // A message may repeat what was sent, so that the log has the kind of error and its place alone.
            http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(Category)
                .LineFailed(http.TraceIdentifier, defect.GetType().Name, defect.StackTrace ?? "");
            return failed(Failure.Unexpected(http.TraceIdentifier));
        }
    }
}
