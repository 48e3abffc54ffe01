namespace MatchCluster.Api.Http.Failures;

/// <summary>A failure found where nothing but an exception reaches the answer: inside the reading of a body.</summary>
internal sealed class FailureException(Failure failure) : Exception(failure.Message)
{
    public Failure Failure => failure;
}
