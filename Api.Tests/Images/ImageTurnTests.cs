using System.Text;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Http.Outgoing;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Tests.Images;

/// <summary>Pictures take turns; those whose callers have left do not take the engine from searches.</summary>
public sealed class ImageTurnTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly int Places = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly HeldExtractor extractor = new();
    private readonly EngineCalls calls = new(Places + 2);
    private readonly ImageFetcher fetcher;
    private readonly ImageItems images;

    public ImageTurnTests()
    {
        ImageSettings settings = ImageSettings.Default with { Extractor = _ => extractor };
        fetcher = new ImageFetcher(settings);
        images = new ImageItems(calls, settings, fetcher);
    }

    public void Dispose()
    {
        extractor.Open();
        calls.Dispose();
        images.Dispose();
        fetcher.Dispose();
        extractor.Dispose();
    }

    [Fact]
    public async Task A_picture_whose_caller_has_left_keeps_its_place_until_its_work_ends()
    {
        using CancellationTokenSource leaving = new();
        Task<Parsed<IReadOnlyList<OsiaBiometricData?>>>[] first =
            [.. Enumerable.Range(0, Places).Select(_ => ExtractAsync([Picture()], leaving: leaving.Token))];
        await extractor.BegunAsync(Places);
        await leaving.CancelAsync();
        foreach (Task<Parsed<IReadOnlyList<OsiaBiometricData?>>> each in first)
        {
            Assert.Equal(FailureCode.DeadlinePassed, (await each).Failure!.Code);
        }

        Task<Parsed<IReadOnlyList<OsiaBiometricData?>>> next = ExtractAsync([Picture()]);
        Assert.Equal(1, (await calls.RunAsync(() => 1, SearchBudget.Of(Long))).Value);
        Assert.Equal(Places, extractor.Begun);
        extractor.Open();
        Assert.False((await next).IsFailed);
        Assert.Equal(Places, extractor.MostAtOnce);
    }

    [Fact]
    public async Task The_rest_of_a_record_is_not_read_for_a_caller_who_has_left()
    {
        using CancellationTokenSource leaving = new();
        Task<Parsed<IReadOnlyList<OsiaBiometricData?>>> record = ExtractAsync([Record(5)], leaving: leaving.Token);
        await extractor.BegunAsync(1);
        await leaving.CancelAsync();
        Assert.Equal(FailureCode.DeadlinePassed, (await record).Failure!.Code);
        extractor.Open();
        Assert.False((await ExtractAsync([Picture()])).IsFailed);
        Assert.Equal(2, extractor.Begun);
    }

    [Fact]
    public async Task Lines_of_streams_do_not_make_single_calls_be_refused()
    {
        Task[] lines = [.. Enumerable.Range(0, 100).Select(_ => ExtractAsync([Picture()], isPatient: true))];
        Task<Parsed<IReadOnlyList<OsiaBiometricData?>>>[] single =
            [.. Enumerable.Range(0, 64).Select(_ => ExtractAsync([Picture()]))];
        Assert.Equal(FailureCode.Overloaded, (await ExtractAsync([Picture()])).Failure!.Code);
        extractor.Open();
        await Task.WhenAll(lines);
        Assert.All(await Task.WhenAll(single), each => Assert.False(each.IsFailed));
    }

    [Fact]
    public async Task A_bug_of_an_extractor_gives_its_place_back()
    {
        extractor.Open();
        extractor.Throws = true;
        for (int i = 0; i <= Places; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => ExtractAsync([Picture()]));
        }

        extractor.Throws = false;
        Assert.False((await ExtractAsync([Picture()])).IsFailed);
    }

    [Fact]
    public async Task More_templates_than_an_encounter_may_have_are_not_extracted()
    {
        extractor.Open();
        Failure failure = (await ExtractAsync([Record(32), Record(32), Record(32), Record(32)])).Failure!;
        Assert.Equal(FailureCode.InvalidBiometricData, failure.Code);
        Assert.Contains("found 96 templates in the images up to [2], wanted at most 64", failure.Message);
        Assert.Equal(96, extractor.Begun);
    }

    private Task<Parsed<IReadOnlyList<OsiaBiometricData?>>> ExtractAsync(
        IReadOnlyList<OsiaBiometricData?> items, bool isPatient = false, CancellationToken leaving = default) =>
        images.ExtractAsync(
            items, "biometricData", new NotStored(), SearchBudget.Of(Long, leaving), isPatient).AsTask();

    private static OsiaBiometricData Picture() => Item(FakeExtractor.Picture(3));

    private static OsiaBiometricData Record(int pictures)
    {
        string one = $"<BDB>{Convert.ToBase64String(FakeExtractor.Picture(3))}</BDB>";
        return Item(Encoding.ASCII.GetBytes($"<BIR>{string.Concat(Enumerable.Repeat(one, pictures))}</BIR>"));
    }

    private static OsiaBiometricData Item(byte[] image) => new()
    {
        BiometricType = BiometricType.Finger,
        BiometricSubType = BiometricSubType.RightIndex,
        Image = Convert.ToBase64String(image),
    };

    /// <summary>An extractor that works only when the test lets it.</summary>
    private sealed class HeldExtractor : ITemplateExtractor, IDisposable
    {
        private readonly FakeExtractor inner = new();
        private readonly ManualResetEventSlim open = new();
        private readonly SemaphoreSlim beginnings = new(0);
        private int begun;
        private int running;
        private int most;

        public bool Throws { get; set; }

        public int Begun => Volatile.Read(ref begun);

        public int MostAtOnce => Volatile.Read(ref most);

        public void Open() => open.Set();

        public async Task BegunAsync(int pictures)
        {
            for (int i = 0; i < pictures; i++)
            {
                await beginnings.WaitAsync();
            }
        }

        public Decoded<ExtractedTemplates> Extract(
            GrayImage image, BiometricPosition position, SlapRequest? slap, IReadOnlyList<DrawingKind> drawings)
        {
            Interlocked.Increment(ref begun);
            int now = Interlocked.Increment(ref running);
            lock (inner)
            {
                most = Math.Max(most, now);
            }

            beginnings.Release();
            try
            {
                open.Wait();
                return Throws ? throw new InvalidOperationException("a bug")
                    : inner.Extract(image, position, slap, drawings);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }

        public void Dispose()
        {
            open.Dispose();
            beginnings.Dispose();
        }
    }
}
