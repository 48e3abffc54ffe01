using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests;

public sealed class EncounterTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task An_encounter_is_read_back_as_it_was_created()
    {
        JsonObject body = Bodies.Encounter("A", Bodies.Samples(1));
        body["clientData"] = Convert.ToBase64String([1, 2, 3]);
        JsonNode ids = await server.PostAsync("persons/read-back/encounters/E1", body).OkAsync();
        Assert.Equal("read-back", (string)ids["personId"]!);
        Assert.Equal("E1", (string)ids["encounterId"]!);
        Assert.Null(ids["others"]);

        JsonNode read = await server.GetAsync("persons/read-back/encounters/E1").OkAsync();
        Assert.Equal("ACTIVE", (string)read["status"]!);
        Assert.Equal("visit", (string)read["encounterType"]!);
        Assert.Equal("AQID", (string)read["clientData"]!);
        Assert.Equal((string)body["biometricData"]![0]!["template"]!, (string)read["biometricData"]![0]!["template"]!);
        Assert.Equal("RIGHT_INDEX", (string)read["biometricData"]![0]!["biometricSubType"]!);
        Assert.Equal("EYE_RIGHT", (string)read["biometricData"]![1]!["biometricSubType"]!);
        Assert.Equal((string)read["createdDate"]!, (string)read["updatedDate"]!);
    }

    [Theory]
    [InlineData("2020/117/B")]
    [InlineData("a%2Fb")]
    [InlineData("50 % and a/b + ü")]
    public async Task An_identifier_is_any_text_and_comes_back_as_it_was_sent(string person)
    {
        string gallery = $"of {person}";
        string path = $"persons/{Uri.EscapeDataString(person)}/encounters/{Uri.EscapeDataString("E/1")}";

        JsonNode ids = await server.PostAsync(path, Bodies.Encounter(gallery, Bodies.Samples(6))).OkAsync();

        Assert.Equal((person, "E/1"), ((string)ids["personId"]!, (string)ids["encounterId"]!));
        Assert.Equal(gallery, (string)(await server.GetAsync(path).OkAsync())["galleries"]![0]!);
        JsonNode found = await server.PostAsync(
            $"identify/{Uri.EscapeDataString(gallery)}?threshold=40", Bodies.Identify(Bodies.Samples(6, 1))).OkAsync();
        Assert.Equal(person, (string)found[0]!["personId"]!);
    }

    [Fact]
    public async Task Ids_are_generated_where_the_path_has_none()
    {
        JsonNode both = await server.PostAsync("persons", Bodies.Encounter("A", [Bodies.Finger(2, 2)])).OkAsync();
        string person = (string)both["personId"]!;
        JsonNode second = await server.PostAsync(
            $"persons/{person}/encounters", Bodies.Encounter("A", [Bodies.Finger(2, 3)])).OkAsync();
        Assert.Equal(person, (string)second["personId"]!);
        Assert.NotEqual((string)both["encounterId"]!, (string)second["encounterId"]!);
        JsonNode all = await server.GetAsync($"persons/{person}/encounters").OkAsync();
        Assert.Equal(2, all.AsArray().Count);
    }

    [Fact]
    public async Task A_second_encounter_of_the_same_id_is_a_conflict_without_a_body_and_changes_nothing()
    {
        await server.PostAsync("persons/twice/encounters/E1", Bodies.Encounter("A", [Bodies.Finger(3, 2)])).OkAsync();
        using HttpResponseMessage second = await server.PostAsync(
            "persons/twice/encounters/E1", Bodies.Encounter("B", [Bodies.Finger(4, 2)]));
        Assert.Equal(409, (int)second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
        JsonNode read = await server.GetAsync("persons/twice/encounters/E1").OkAsync();
        Assert.Equal("A", (string)read["galleries"]![0]!);
    }

    [Fact]
    public async Task What_is_not_stored_is_named_and_never_repeated()
    {
        JsonObject body = Bodies.Encounter("A", [Bodies.Finger(5, 2)]);
        body["biographicData"] = new JsonObject
        {
            ["dateOfBirth"] = "1985-11-30",
            ["gender"] = "F",
            ["firstName"] = "Ada",
        };
        body["contextualData"] = new JsonObject { ["enrollmentDate"] = "2019-01-11" };
        body["biometricData"]![0]!["captureDevice"] = "scanner 9";
        JsonNode ids = await server.PostAsync("persons/private/encounters/E1", body).OkAsync();
        Assert.Equal(
            ["biographicData.firstName", "biometricData.captureDevice", "contextualData.enrollmentDate"],
            ids["others"]!["notStored"]!.AsArray().Select(name => (string)name!));
        string read = (await server.GetAsync("persons/private/encounters/E1").OkAsync()).ToJsonString();
        Assert.DoesNotContain("Ada", read, StringComparison.Ordinal);
        Assert.DoesNotContain("scanner", read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_replaces_and_keeps_the_creation_date()
    {
        await server.PostAsync("persons/updated/encounters/E1", Bodies.Encounter("A", [Bodies.Finger(6, 2)])).OkAsync();
        string created = (string)(await server.GetAsync("persons/updated/encounters/E1").OkAsync())["createdDate"]!;
        JsonObject body = Bodies.Encounter("B", [Bodies.Finger(6, 3)]);
        body["encounterId"] = "E1";
        await server.PutAsync("persons/updated/encounters/E1", body).OkAsync();
        JsonNode read = await server.GetAsync("persons/updated/encounters/E1").OkAsync();
        Assert.Equal(created, (string)read["createdDate"]!);
        Assert.Equal("B", (string)read["galleries"]![0]!);
        Assert.Equal("RIGHT_MIDDLE", (string)read["biometricData"]![0]!["biometricSubType"]!);
        Assert.Equal(404, await server.PutAsync("persons/updated/encounters/E2", Bodies.Encounter("B", []))
            .StatusAsync());
    }

    [Fact]
    public async Task Status_and_galleries_change_alone()
    {
        await server.PostAsync("persons/parts/encounters/E1", Bodies.Encounter("A", [Bodies.Finger(7, 2)])).OkAsync();
        Assert.Equal(204, await server.PutAsync("persons/parts/encounters/E1/status?status=INACTIVE", null)
            .StatusAsync());
        Assert.Equal(204, await server.PutAsync("persons/parts/encounters/E1/galleries", new JsonArray("C", "D"))
            .StatusAsync());
        JsonNode read = await server.GetAsync("persons/parts/encounters/E1").OkAsync();
        Assert.Equal("INACTIVE", (string)read["status"]!);
        Assert.Equal(["C", "D"], read["galleries"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(404, await server.PutAsync("persons/nobody/encounters/E1/status?status=ACTIVE", null)
            .StatusAsync());
    }

    [Fact]
    public async Task Deleting_the_last_encounter_deletes_the_person()
    {
        await server.PostAsync("persons/gone/encounters/E1", Bodies.Encounter("A", [Bodies.Finger(8, 2)])).OkAsync();
        await server.PostAsync("persons/gone/encounters/E2", Bodies.Encounter("A", [Bodies.Finger(8, 3)])).OkAsync();
        Assert.Equal(204, await server.DeleteAsync("persons/gone/encounters/E1").StatusAsync());
        Assert.Equal(200, await server.GetAsync("persons/gone/encounters").StatusAsync());
        Assert.Equal(204, await server.DeleteAsync("persons/gone/encounters/E2").StatusAsync());
        using HttpResponseMessage none = await server.GetAsync("persons/gone/encounters");
        Assert.Equal(404, (int)none.StatusCode);
        Assert.Empty(await none.Content.ReadAsByteArrayAsync());
        Assert.Equal(404, await server.DeleteAsync("persons/gone").StatusAsync());
    }

    [Fact]
    public async Task A_person_is_deleted_as_a_whole()
    {
        await server.PostAsync("persons/whole/encounters/E1", Bodies.Encounter("A", [Bodies.Finger(9, 2)])).OkAsync();
        await server.PostAsync("persons/whole/encounters/E2", Bodies.Encounter("A", [Bodies.Finger(9, 3)])).OkAsync();
        Assert.Equal(204, await server.DeleteAsync("persons/whole").StatusAsync());
        Assert.Equal(404, await server.GetAsync("persons/whole/encounters/E2").StatusAsync());
    }

    [Fact]
    public async Task Merge_moves_all_or_nothing()
    {
        await server.PostAsync("persons/target/encounters/E1", Bodies.Encounter("A", [Bodies.Finger(10, 2)])).OkAsync();
        await server.PostAsync("persons/source/encounters/E1", Bodies.Encounter("A", [Bodies.Finger(10, 3)])).OkAsync();
        await server.PostAsync("persons/source/encounters/E2", Bodies.Encounter("A", [Bodies.Finger(10, 4)])).OkAsync();
        Assert.Equal(409, await server.PostAsync("persons/target/merge/source", null).StatusAsync());
        Assert.Equal(404, await server.GetAsync("persons/target/encounters/E2").StatusAsync());

        Assert.Equal(204, await server.PostAsync("persons/target/move/source/encounters/E2", null).StatusAsync());
        Assert.Equal(200, await server.GetAsync("persons/target/encounters/E2").StatusAsync());
        Assert.Equal(204, await server.DeleteAsync("persons/target/encounters/E1").StatusAsync());
        Assert.Equal(204, await server.PostAsync("persons/target/merge/source", null).StatusAsync());
        Assert.Equal(2, (await server.GetAsync("persons/target/encounters").OkAsync()).AsArray().Count);
        Assert.Equal(404, await server.GetAsync("persons/source/encounters").StatusAsync());
    }

    [Fact]
    public async Task Templates_are_read_in_another_format()
    {
        await server.PostAsync("persons/templates/encounters/E1",
            Bodies.Encounter("A", [Bodies.Finger(11, 2), Bodies.Finger(11, 3), Bodies.OpenIrisEye(11, 1)])).OkAsync();
        JsonNode all = await server.GetAsync("persons/templates/encounters/E1/templates").OkAsync();
        Assert.Equal(3, all.AsArray().Count);
        JsonNode ansi = await server.GetAsync(
            "persons/templates/encounters/E1/templates?templateFormat=ANSI_378&biometricSubType=RIGHT_MIDDLE")
            .OkAsync();
        JsonNode one = Assert.Single(ansi.AsArray())!;
        Assert.Equal("ANSI_378", (string)one["templateFormat"]!);
        Assert.NotEqual((string)all[1]!["template"]!, (string)one["template"]!);
        JsonNode iris = await server.GetAsync(
            "persons/templates/encounters/E1/templates?biometricType=IRIS&templateFormat=MATCHCLUSTER_IRIS_1")
            .OkAsync();
        Assert.Equal("EYE_RIGHT", (string)Assert.Single(iris.AsArray())!["biometricSubType"]!);
        Assert.Equal(404, await server.GetAsync(
            "persons/templates/encounters/E1/templates?biometricSubType=LEFT_THUMB").StatusAsync());
    }
}
