using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests.Subscriptions;

/// <summary>Calls of who subscribes.</summary>
internal static class SubscriptionCalls
{
    /// <summary>Subscribes to the gallery "demo" with a finger of a person.</summary>
    public static async Task<string> SubscribeAsync(HttpClient http, int person, string? callback = null)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync("/mc/v1/subscriptions", Body(person, callback));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == System.Net.HttpStatusCode.Created, text);
        return (string)JsonNode.Parse(text)!["subscriptionId"]!;
    }

    public static JsonObject Body(int person, string? callback = null)
    {
        JsonObject body = new()
        {
            ["galleryId"] = "demo",
            ["biometricData"] = new JsonArray(Bodies.Finger(person, 2)),
            ["threshold"] = 60,
            ["expiresAt"] = TimeProvider.System.GetUtcNow().AddDays(1).ToString("O"),
            ["reference"] = "mine",
        };
        if (callback is not null)
        {
            body["callback"] = callback;
        }

        return body;
    }

    /// <summary>Waits until there are so many alerts.</summary>
    public static async Task<JsonNode[]> AlertsAsync(HttpClient http, int count)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (true)
        {
            JsonNode page = JsonNode.Parse(await http.GetStringAsync("/mc/v1/alerts?limit=500", patience.Token))!;
            JsonNode[] alerts = [.. page["alerts"]!.AsArray().Select(alert => alert!)];
            if (alerts.Length >= count)
            {
                Assert.Equal(count, alerts.Length);
                return alerts;
            }

            await Task.Delay(50, patience.Token);
        }
    }
}
