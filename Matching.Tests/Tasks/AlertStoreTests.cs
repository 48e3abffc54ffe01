using System.Text;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Subscriptions;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Tests.Keys;
using MatchCluster.Matching.Tests.Storage;

namespace MatchCluster.Matching.Tests.Tasks;

public sealed class AlertStoreTests
{
    [Fact]
    public async Task A_file_keeps_alerts()
    {
        using TempDirectory directory = new();
        await using SqliteAlertStore store = SqliteAlertStore.Open(directory.Path);
        await AlertStoreContract.HoldsAsync(store);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_a_key_nothing_of_a_subscription_is_in_the_file(bool isSealed)
    {
        using TempDirectory directory = new();
        using KeyRing keys = await TestKeys.RingAsync(new TestKeys());
        byte[] template = [.. "a template that is looked for"u8];
        string id;
        await using (SqliteTaskStore store = SqliteTaskStore.Open(
            directory.Path, isSealed ? keys : null, SubscriptionBook.Limits, SubscriptionBook.FileName))
        {
            SubscriptionBook book = new(store, TimeProvider.System);
            id = (await book.AddAsync(
                new Subscription
                {
                    Partner = "p",
                    Subject = "s",
                    Gallery = "G",
                    Threshold = 60,
                    Created = TimeProvider.System.GetUtcNow(),
                    ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(1),
                    Samples =
                    [
                        new Sample
                        {
                            Position = BiometricPosition.OfFinger(2),
                            Format = TemplateFormat.Iso19794v2005,
                            Template = template,
                        },
                    ],
                },
                default))!;
            Assert.Equal(
                template, (await book.FindAsync(id, default))!.Samples.Single().Template.ToArray());
            await book.RenewAsync(id, default);
            Assert.Equal(60, (await book.FindAsync(id, default))!.Threshold);
        }

        IEnumerable<string> files = Directory.EnumerateFiles(directory.Path, SubscriptionBook.FileName + "*");
        Assert.Equal(
            isSealed, files.All(file => !Encoding.Latin1.GetString(File.ReadAllBytes(file)).Contains("looked for")));
    }
}
