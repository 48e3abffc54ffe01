using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>
/// Clears what was sent to search with, once its call is answered. Not for samples that are stored or enrolled, nor
/// where a case keeps them.
/// </summary>
/// <param name="items">As they were sent.</param>
/// <param name="samples">What was read of them.</param>
/// <param name="pictures">Pictures that would have been kept; mostly none.</param>
internal sealed class ProbeErasure(
    IEnumerable<OsiaBiometricData?> items, IEnumerable<Sample>? samples, IEnumerable<Picture>? pictures = null)
    : IDisposable
{
    /// <summary>Clears when the answer has left.</summary>
    public static void AtEnd(
        HttpContext http, IEnumerable<OsiaBiometricData?> items, IEnumerable<Sample>? samples,
        IEnumerable<Picture>? pictures = null) =>
        http.Response.RegisterForDispose(new ProbeErasure(items, samples, pictures));

    public void Dispose()
    {
        foreach (OsiaBiometricData? item in items)
        {
            Erasure.Clear(item?.Image);
            Erasure.Clear(item?.Template);
        }

        Erasure.Clear(samples ?? []);
        foreach (Picture picture in pictures ?? [])
        {
            Erasure.Clear(picture.Content);
        }
    }
}
