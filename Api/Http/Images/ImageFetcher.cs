using System.Net;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Outgoing;
using MatchCluster.Matching.Images;

namespace MatchCluster.Api.Http.Images;

/// <summary>
/// Fetches what imageRef names, from listed servers alone. It follows no redirects, uses no proxy, sends nothing of the
/// caller's, takes so many bytes and so long; a name that leads to this machine or to its neighbours' link-local
/// addresses (where clouds keep their secrets) is refused unless the list names that address itself.
/// </summary>
internal sealed class ImageFetcher : IDisposable
{
    /// <summary>A picture of the largest size at 20 Mbit/s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<Uri> origins;
    private readonly HttpClient http;

    public ImageFetcher(ImageSettings settings)
    {
        origins = settings.Origins;
        http = new HttpClient(new GuardedConnect(AddressRanges.IsElsewhere).Handler())
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = ImageLimits.MostFileBytes,
        };
    }

    /// <summary>Whether the address is of a listed server.</summary>
    public bool MayFetch(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && origins.Any(origin => Origins.IsOf(uri, origin));

    /// <summary>The bytes, or why there are none; the message repeats no address.</summary>
    public async Task<Parsed<byte[]>> FetchAsync(string address, string path, TimeSpan budget, CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        ending.CancelAfter(budget < Patience ? budget : Patience);
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(
                new Uri(address), HttpCompletionOption.ResponseHeadersRead, ending.Token);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return NotFetched(path, $"its server answers {(int)answer.StatusCode}, wanted 200");
            }

            return answer.Content.Headers.ContentLength > ImageLimits.MostFileBytes ? TooLarge(path)
                : await ReadAsync(answer, path, ending.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return NotFetched(path, "its server did not answer in time");
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            return NotFetched(path, "its server cannot be reached");
        }
    }

    public void Dispose() => http.Dispose();

    private static async Task<Parsed<byte[]>> ReadAsync(
        HttpResponseMessage answer, string path, CancellationToken cancel)
    {
        await using Stream body = await answer.Content.ReadAsStreamAsync(cancel);
        using MemoryStream whole = new();
        byte[] buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, cancel) is var read and > 0)
        {
            if (whole.Length + read > ImageLimits.MostFileBytes)
            {
                return TooLarge(path);
            }

            whole.Write(buffer, 0, read);
        }

        return whole.ToArray();
    }

    private static Failure TooLarge(string path) =>
        NotFetched(path, $"it has more than {ImageLimits.MostFileBytes} bytes");

    private static Failure NotFetched(string path, string why) =>
        new(FailureCode.ImageNotFetched, $"{path}.imageRef: {why}");
}
