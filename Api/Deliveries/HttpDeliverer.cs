using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Outgoing;

namespace MatchCluster.Api.Deliveries;

/// <summary>
/// Sends results by POST to listed servers alone. It follows no redirects, uses no proxy, reads a few kilobytes of an
/// answer, takes so long in all, and signs what it sends.
/// </summary>
internal sealed class HttpDeliverer : IDeliverer, IDisposable
{
    /// <summary>Bytes of an answer that are read, so that the connection can be used again.</summary>
    private const int MostAnswerBytes = 4 * 1024;

    /// <summary>Kilobytes of an answer's headers.</summary>
    private const int MostHeaderKilobytes = 16;

    /// <summary>What the kernel holds of an answer that nobody reads.</summary>
    private const int ReceiveBytes = 16 * 1024;

    /// <summary>When a server may be asked again whose places were all taken.</summary>
    private static readonly TimeSpan SoonEnough = TimeSpan.FromSeconds(1);

    private readonly CallbackSettings settings;
    private readonly MessageSigner? signer;
    private readonly TimeProvider time;
    private readonly HostPlaces places;
    private readonly HttpClient http;

    /// <param name="settings">Where results may be sent.</param>
    /// <param name="signer">What signs them; null sends them unsigned.</param>
    /// <param name="time">The clock.</param>
    /// <param name="trust">Changes what is trusted, for tests with certificates of their own.</param>
    public HttpDeliverer(
        CallbackSettings settings, MessageSigner? signer, TimeProvider time, Action<SocketsHttpHandler>? trust = null)
    {
        this.settings = settings;
        this.signer = signer;
        this.time = time;
        places = new HostPlaces(settings.MostAtOnce);
        SocketsHttpHandler handler = new GuardedConnect(
            address => AddressRanges.IsElsewhere(address)
                && (settings.AllowsPrivate || !AddressRanges.IsPrivate(address)),
            settings.Resolve, ReceiveBytes).Handler();
        handler.ConnectTimeout = settings.Patience;
        handler.MaxConnectionsPerServer = settings.MostAtOnce;
        handler.MaxResponseDrainSize = 0;
        handler.MaxResponseHeadersLength = MostHeaderKilobytes;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30);
        trust?.Invoke(handler);
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public Failure? Check(string address, string partner) =>
        CallbackAddress.Check(address, partner, settings.Servers);

    public async Task<DeliveryResult> DeliverAsync(Delivery delivery, CancellationToken cancel)
    {
        // The list may be another one since the address was accepted.
        if (Check(delivery.Address.OriginalString, delivery.Partner) is { } refused)
        {
            return new DeliveryResult(DeliveryOutcome.Refused, refused.Message);
        }

        if (places.Take(delivery.Address) is not { } place)
        {
            return new DeliveryResult(DeliveryOutcome.TryAgain, "its server has as many on their way as may be")
            {
                After = SoonEnough,
                IsAttempt = false,
            };
        }

        bool? isAnswered = null;
        try
        {
            DeliveryResult result = await SendAsync(delivery, cancel);
            isAnswered = result.Outcome != DeliveryOutcome.TryAgain || result.MostAttempts is not null;
            return result;
        }
        finally
        {
            place.Leave(isAnswered);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<DeliveryResult> SendAsync(Delivery delivery, CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var late = new CancellationTokenSource(settings.Patience, time);
        using CancellationTokenRegistration ends = late.Token.Register(ending.Cancel);
        try
        {
            using HttpRequestMessage request = RequestOf(delivery);
            signer?.Sign(request, delivery.Body.Span, time.GetUtcNow());
            using HttpResponseMessage answer = await http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, ending.Token);
            DeliveryResult result = ResultOf(answer, time.GetUtcNow());
            await DrainAsync(answer, ending.Token);
            return result;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Again("its server did not answer in time");
        }
        catch (HttpRequestException gone) when (gone.InnerException is AuthenticationException)
        {
            return Again("its server's certificate is not one to trust for its name");
        }
        catch (HttpRequestException gone) when (gone.InnerException is AddressRefusedException)
        {
            return Again("its server's name leads to this machine, its link or a private network") with
            {
                MostAttempts = RetryPlan.MostRefusals,
            };
        }
        catch (HttpRequestException gone)
        {
            return Again(gone.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "its server's name has no address",
                HttpRequestError.ConnectionError => "its server cannot be reached",
                HttpRequestError.SecureConnectionError => "no TLS connection with its server",
                HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded
                    => "its server answers what is no HTTP, or too many headers",
                _ => "its server breaks the connection off",
            });
        }
        catch (IOException)
        {
            return Again("its server breaks the connection off");
        }
    }

    private static HttpRequestMessage RequestOf(Delivery delivery)
    {
        HttpRequestMessage request = new(HttpMethod.Post, CallbackAddress.Of(delivery))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(delivery.Body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(delivery.ContentType);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("MatchCluster", null));
        return request;
    }

    private static DeliveryResult ResultOf(HttpResponseMessage answer, DateTimeOffset now)
    {
        int status = (int)answer.StatusCode;
        string reason = $"its server answers {status}";
        return status switch
        {
            >= 200 and < 300 => new DeliveryResult(DeliveryOutcome.Delivered, reason),
            408 or 425 or 429 or >= 500 => Again(reason) with { After = AfterOf(answer, now) },
            410 => new DeliveryResult(DeliveryOutcome.Refused, reason),
            _ => Again(reason) with { After = AfterOf(answer, now), MostAttempts = RetryPlan.MostRefusals },
        };
    }

    private static TimeSpan? AfterOf(HttpResponseMessage answer, DateTimeOffset now) =>
        answer.Headers.RetryAfter is not { } header ? null
        : header.Delta ?? (header.Date is { } date && date > now ? date - now : null);

    private static DeliveryResult Again(string reason) => new(DeliveryOutcome.TryAgain, reason);

    /// <summary>
    /// Reads a short answer to its end, so that the connection can be used again. A longer or broken one changes
    /// nothing: its status has been said.
    /// </summary>
    private static async Task DrainAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (answer.Content.Headers.ContentLength > MostAnswerBytes)
        {
            return;
        }

        try
        {
            await using Stream body = await answer.Content.ReadAsStreamAsync(cancel);
            byte[] buffer = new byte[MostAnswerBytes];
            int held = 0;
            while (held < buffer.Length && await body.ReadAsync(buffer.AsMemory(held), cancel) is var read and > 0)
            {
                held += read;
            }
        }
        catch (Exception broken) when (broken is OperationCanceledException or HttpRequestException or IOException)
        {
            // The status was read whole.
        }
    }
}
