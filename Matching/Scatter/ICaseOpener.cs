using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Opens a case for people to decide about, where a search that an agreement allowed has candidates.
/// </summary>
public interface ICaseOpener
{
    /// <summary>
    /// The answer with the name of its case, which is durable then; as it is where it needs none. Where the case cannot
    /// be kept the answer is a refusal: no candidate leaves that nobody could decide about.
    /// </summary>
    /// <param name="request">What was asked.</param>
    /// <param name="answer">What was found, with what allowed it.</param>
    /// <param name="use">On whose behalf.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<IdentifyAnswer> OpenAsync(
        IdentifyRequest request, IdentifyAnswer answer, Use use, CancellationToken cancel);
}
